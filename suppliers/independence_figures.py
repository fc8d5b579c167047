"""Independence of each source from the part's other sources by shared attributes (β).

An approved source is compared with the approved ones before it (incumbent first), any other with
all approved ones. The largest β of the shared attributes decides. Sources that are not approved are
also compared with each other: a shared die or legal group makes both nominal. A missing fact makes
the result *unknown*, unless the known ones make it nominal.
Every source needs a manufacturer and a site; a pair of which one has a fab or a die needs fab and
die of both. A company without a head company is a group of its own.
"""

from __future__ import annotations

from suppliers.house_rules import IndependencePolicy

#: Common table expressions on ``state`` (``suppliers.derivation``) that end in ``worded``.
#: ``would_count``: the source does not count today, and would when its open case is finished.
INDEPENDENCE = """
s AS (
    SELECT t.id, t.part_id, t.status, t.underway, (t.role <> 'incumbent') AS second, mp.die, mp.mpn,
           CASE WHEN NOT c.placeholder THEN coalesce(c.group_id, c.id) END AS legal_group,
           src.manufacturer_part_id
      FROM state t
      JOIN suppliers_source src ON src.id = t.id
      JOIN suppliers_manufacturerpart mp ON mp.id = src.manufacturer_part_id
      JOIN suppliers_supplier c ON c.id = mp.manufacturer_id
), made AS (
    SELECT ps.manufacturer_part_id, st.id AS site_id, st.name, st.activity, st.country
      FROM suppliers_manufacturerpartsite ps JOIN suppliers_site st ON st.id = ps.site_id
     WHERE ps.manufacturer_part_id IN (SELECT manufacturer_part_id FROM s)
       AND st.activity IN ('fab', 'assembly', 'test')
), known AS (
    SELECT s.id, s.legal_group IS NOT NULL AS named, m.sited IS NOT NULL AS sited,
           coalesce(m.fab, false) AS fab, s.die <> '' AS die,
           coalesce(m.fab, false) OR s.die <> '' AS has_die
      FROM s LEFT JOIN (SELECT manufacturer_part_id, true AS sited, bool_or(activity = 'fab') AS fab
                          FROM made GROUP BY manufacturer_part_id) m USING (manufacturer_part_id)
), pairs AS (
    SELECT a.id, b.id AS other, a.manufacturer_part_id AS mine, b.manufacturer_part_id AS theirs,
           coalesce(a.legal_group = b.legal_group, false) AS same_group,
           a.die <> '' AND a.die = b.die AS same_die, a.die, a.mpn AS own, b.mpn,
           b.status = 'approved' AS firm,
           CASE WHEN b.status = 'approved' THEN '' ELSE ', not approved' END AS standing
      FROM s a JOIN s b ON b.part_id = a.part_id AND b.id <> a.id
     WHERE CASE b.status WHEN 'approved'
                THEN a.status <> 'approved' OR (b.second, b.id) < (a.second, a.id)
                ELSE a.status <> 'approved' AND b.status NOT IN ('phase_out', 'disqualified') END
), shares AS (
    SELECT id, firm, %(die)s::float AS beta, 'same die ' || die || ' as ' || mpn || standing AS what
      FROM pairs WHERE same_die
    UNION ALL
    SELECT id, firm, %(group)s::float, 'same legal group as ' || mpn || standing
      FROM pairs WHERE same_group
    UNION ALL
    SELECT p.id, true, CASE x.activity WHEN 'fab' THEN %(fab)s::float ELSE %(assembly)s::float END,
           'same ' || x.activity || ' ' || x.name || ' as ' || p.mpn
      FROM pairs p JOIN made x ON x.manufacturer_part_id = p.mine
      JOIN made y ON y.manufacturer_part_id = p.theirs AND y.site_id = x.site_id
     WHERE p.firm
    UNION ALL
    SELECT DISTINCT p.id, true, %(country)s::float, 'same country ' || x.country || ' as ' || p.mpn
      FROM pairs p JOIN made x ON x.manufacturer_part_id = p.mine
      JOIN made y ON y.manufacturer_part_id = p.theirs AND y.country = x.country
       AND y.activity = x.activity
     WHERE p.firm
), asked AS (
    SELECT p.id, p.id AS about, p.own AS mpn, p.other AS beside FROM pairs p WHERE p.firm
    UNION ALL
    SELECT p.id, p.other, p.mpn, p.id FROM pairs p WHERE p.firm
    UNION ALL
    SELECT s.id, s.id, s.mpn, s.id FROM s
     WHERE s.status <> 'approved' AND NOT EXISTS (SELECT FROM pairs p WHERE p.id = s.id AND p.firm)
), missing AS (
    SELECT a.id, f.fact || ' of ' || a.mpn || ' not on record' AS what
      FROM asked a JOIN known k ON k.id = a.about JOIN known b ON b.id = a.beside
     CROSS JOIN LATERAL (VALUES
           ('manufacturer', NOT k.named),
           ('sites', NOT k.sited),
           ('fab', k.sited AND NOT k.fab AND (k.has_die OR b.has_die)),
           ('die', NOT k.die AND (k.has_die OR b.has_die))) f (fact, absent)
     WHERE f.absent
), rated AS (
    SELECT s.id, coalesce(max(h.beta), %(none)s::float) AS beta,
           coalesce(max(h.beta) FILTER (WHERE h.firm), %(none)s::float) AS firm_beta
      FROM s LEFT JOIN shares h ON h.id = s.id GROUP BY s.id
), said AS (
    SELECT id, array_agg(DISTINCT left(what, 200)) AS shared
      FROM (SELECT id, what FROM shares UNION ALL SELECT id, what FROM missing) f GROUP BY id
), worded AS (
    SELECT s.id, coalesce(said.shared, '{}') AS shared,
           CASE WHEN beta >= %(nominal)s THEN 'nominal'
                WHEN lacking.id IS NOT NULL THEN 'unknown'
                WHEN beta <= %(independent)s THEN 'independent' ELSE 'partly' END AS word,
           s.underway AND s.status NOT IN ('approved', 'phase_out', 'disqualified')
               AND r.firm_beta < %(nominal)s AS would_count
      FROM s JOIN rated r ON r.id = s.id LEFT JOIN said ON said.id = s.id
      LEFT JOIN (SELECT DISTINCT id FROM missing) lacking ON lacking.id = s.id
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
