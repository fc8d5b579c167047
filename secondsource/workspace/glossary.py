"""Words of the trade and of this product, in a sentence or two each."""

TERMS: dict[str, str] = {
    "approved source": (
        "A manufacturer part that may be bought for our part, with the approval behind it. A"
        " nominal one does not count as a further source, because it fails together with another."
    ),
    "baseline": (
        "The last price paid for the part when its case opened, kept with its evidence. It never"
        " changes. A case without one counts no savings until procurement enters it."
    ),
    "bonus pool": (
        "A share of the validated, realised savings of a case, less its cost, for the people who"
        " did the work. The rate is in the policy Bonus pool. A pool is 0 while the savings are"
        " below the cost; avoided costs and forecasts never count."
    ),
    "candidate": "A manufacturer part that could become a source and is not approved yet.",
    "clawback": (
        "When validated savings are taken back, a paid pool is computed again, and the difference"
        " comes back by the same shares from everybody alike. It is settled from later payouts; no"
        " payout falls below zero."
    ),
    "contribution": (
        "A person's share of a bonus pool. It is proposed from the work on record: hours, gates"
        " led, pilot lots, negotiation rounds, FMEA rows and signatures. Each person agrees, asks"
        " or disputes; a dispute holds that share alone and is decided outside the team."
    ),
    "frontier": (
        "Yearly cost against what the worst outage of one source would lose, for each share of the"
        " second source from none to its cap. The page of a part's split draws it."
    ),
    "hard saving": (
        "(Baseline − price paid) × quantity received. Negotiated: the source that was paid before"
        " lowered its price. Volume shift: units came from the new source. Returns and prices"
        " above the baseline subtract. Only hard savings that finance validated feed a bonus pool."
    ),
    "hold point": (
        "A day of the transition on which quality judges the deliveries so far."
        " Nobody signs for the end of a transition before its last hold point is judged."
    ),
    "independence": (
        "Two sources are independent when one event does not stop both. A shared die, fab, group or"
        " country makes them less so; the policy Independence of sources has the weight of each."
        " Where a site, fab or die is not on record, independence is not known."
    ),
    "incumbent": "The source that we buy today.",
    "interim approval": (
        "Quality allows orders of a candidate before its case is approved, up to a quantity and"
        " until a day."
    ),
    "legacy approval": (
        "An approval without a case: the part number that a bill of material named as its main one"
        " when it was imported. It is listed under To review."
    ),
    "price agreement": (
        "Prices that a supplier granted for a time, with commitment, rebate and clauses. Savings"
        " count as contracted on it. Other prices are another agreement."
    ),
    "quote": (
        "What a supplier answered to an RFQ. A later one takes its place; none is changed. An"
        " accepted one becomes the supplier's offer."
    ),
    "ramp": "The share of the demand that a new source gets in each month of its transition.",
    "requalify": (
        "An approved source that something happened to, such as a change notice or a failed lot."
        " Its share stays as it was and does not rise until a case approves it again."
    ),
    "request for quotation": (
        "An RFQ: parts and volumes for which several suppliers are asked until a"
        " due date. Each supplier sees its own request alone."
    ),
    "rollback plan": (
        "How the incumbent takes over again when the alternate fails: the hours it takes and the"
        " stock it needs. It is rehearsed before the approval."
    ),
    "leverage": (
        "What moves a price in a negotiation: a gate that the alternate passed. The page of a"
        " negotiation draws the price steps of all rounds over these gates."
    ),
    "warm share": (
        "The least share that keeps a second source able to deliver. It is in the policy Split of"
        " a demand; a lower limit of its gate comes first."
    ),
    "share cap": (
        "The greatest share of a part's monthly demand that may be ordered from this source."
    ),
    "single source": (
        "A part with exactly one approved source that counts. A part without any is listed apart."
    ),
    "take-over": (
        "Bringing in approvals that were given elsewhere, from a file or by hand: proposed,"
        " confirmed by quality, approved by a second person."
    ),
    "time to survive": (
        "How many weeks production continues when a source fails, from stock and from the"
        " deliveries of the other approved sources."
    ),
    "total cost of a unit": (
        "Price, freight, duty and tariffs, carrying, quality, and qualification, NRE and tooling"
        " spread over units. Quotes are compared by it at one volume, currency and day; what is"
        " expired or not comparable is marked and never counted."
    ),
    "units left": "Of an interim approval or a pilot: granted less received and less on order.",
}
