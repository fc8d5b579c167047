"""Independence of each source from the part's approved ones, by what they share (β).

An approved source is judged against the approved ones before it (incumbent first), any other
against all approved ones. The largest β of what is shared decides the word.
"""

from __future__ import annotations

from suppliers.house_rules import IndependencePolicy

#: Common table expressions on ``state`` (``suppliers.derivation``) that end in ``worded``.
INDEPENDENCE = """
s AS (
    SELECT t.id, t.part_id, t.status, (t.role <> 'incumbent') AS second, mp.die, mp.mpn,
           coalesce(c.group_id, c.id) AS legal_group, src.manufacturer_part_id
      FROM state t
      JOIN suppliers_source src ON src.id = t.id
      JOIN suppliers_manufacturerpart mp ON mp.id = src.manufacturer_part_id
      JOIN suppliers_supplier c ON c.id = mp.manufacturer_id
), made AS (
    SELECT ps.manufacturer_part_id, st.id AS site_id, st.name, st.activity, st.country
      FROM suppliers_manufacturerpartsite ps JOIN suppliers_site st ON st.id = ps.site_id
     WHERE ps.manufacturer_part_id IN (SELECT manufacturer_part_id FROM s)
), pairs AS (
    SELECT a.id, a.manufacturer_part_id AS mine, b.manufacturer_part_id AS theirs,
           a.legal_group = b.legal_group AS same_group,
           a.die <> '' AND a.die = b.die AS same_die, a.die, b.mpn
      FROM s a JOIN s b ON b.part_id = a.part_id AND b.id <> a.id AND b.status = 'approved'
     WHERE a.status <> 'approved' OR (b.second, b.id) < (a.second, a.id)
), shares AS (
    SELECT id, %(die)s::float AS beta, 'same die ' || die || ' as ' || mpn AS what
      FROM pairs WHERE same_die
    UNION ALL
    SELECT p.id, CASE x.activity WHEN 'fab' THEN %(fab)s::float ELSE %(assembly)s::float END,
           'same ' || x.activity || ' ' || x.name || ' as ' || p.mpn
      FROM pairs p JOIN made x ON x.manufacturer_part_id = p.mine
      JOIN made y ON y.manufacturer_part_id = p.theirs AND y.site_id = x.site_id
     WHERE x.activity IN ('fab', 'assembly', 'test')
    UNION ALL
    SELECT DISTINCT p.id, %(country)s::float, 'same country ' || x.country || ' as ' || p.mpn
      FROM pairs p JOIN made x ON x.manufacturer_part_id = p.mine
      JOIN made y ON y.manufacturer_part_id = p.theirs AND y.country = x.country
       AND y.activity = x.activity
     WHERE x.activity IN ('fab', 'assembly', 'test')
    UNION ALL
    SELECT id, %(group)s::float, 'same legal group as ' || mpn FROM pairs WHERE same_group
    UNION ALL
    SELECT p.id, %(country)s::float, 'sites not on record'
      FROM pairs p
     WHERE NOT EXISTS (SELECT 1 FROM made x WHERE x.manufacturer_part_id = p.mine)
        OR NOT EXISTS (SELECT 1 FROM made y WHERE y.manufacturer_part_id = p.theirs)
), rated AS (
    SELECT s.id, coalesce(max(h.beta), %(none)s::float) AS beta,
           coalesce(array_agg(DISTINCT left(h.what, 200)) FILTER (WHERE h.what IS NOT NULL), '{}')
               AS shared
      FROM s LEFT JOIN shares h ON h.id = s.id GROUP BY s.id
), worded AS (
    SELECT id, shared, CASE WHEN beta <= %(independent)s THEN 'independent'
                            WHEN beta < %(nominal)s THEN 'partly' ELSE 'nominal' END AS word
      FROM rated
)
"""


def independence_parameters(policy: IndependencePolicy) -> dict[str, float]:
    """The policy's values for the placeholders of :data:`INDEPENDENCE`."""
    return {
        "none": policy.beta_none,
        "group": policy.beta_group,
        "country": policy.beta_country,
        "assembly": policy.beta_assembly,
        "fab": policy.beta_fab,
        "die": policy.beta_die,
        "independent": policy.independent_up_to,
        "nominal": policy.nominal_from,
    }
