//! What the shop sells: garden goods at ordinary prices, and twenty gift sets at popular price points.

use super::dice::Dice;
use super::model::Cents;

const GOODS: &[(&str, &str, Cents)] = &[
    ("TRW", "Forged hand trowel", 1_895),
    ("SEC", "Bypass secateurs", 3_450),
    ("CAN", "Galvanised watering can", 4_275),
    ("GLV", "Leather gardening gloves", 2_460),
    ("RAK", "Spring rake", 3_120),
    ("SPD", "Border spade", 5_640),
    ("FRK", "Digging fork", 5_785),
    ("HOS", "Rubber hose, 25 m", 6_930),
    ("NOZ", "Brass nozzle", 1_540),
    ("POT", "Terracotta pot", 1_225),
    ("URN", "Stone urn", 18_450),
    ("TRL", "Cedar trellis", 7_820),
    ("BRD", "Copper bird bath", 12_975),
    ("FDR", "Tube bird feeder", 2_735),
    ("LAN", "Storm lantern", 3_880),
    ("BLK", "Wool picnic blanket", 8_415),
    ("APR", "Waxed apron", 5_210),
    ("BSK", "Willow basket", 4_690),
    ("BEN", "Teak bench", 42_900),
    ("CHR", "Folding chair", 9_640),
    ("TBL", "Bistro table", 17_330),
    ("UMB", "Market umbrella", 15_980),
    ("CMP", "Compost bin", 11_265),
    ("SED", "Wildflower seed, 50 g", 1_185),
    ("BLB", "Tulip bulbs, 25", 1_975),
    ("TWN", "Jute twine", 685),
    ("LBL", "Slate plant labels", 1_290),
    ("KNL", "Kneeling pad", 2_215),
    ("BOO", "Garden boots", 7_455),
    ("HAT", "Straw hat", 3_365),
];
const FINISHES: &[(&str, &str, Cents)] = &[("A", "", 0), ("B", ", large", 640), ("C", ", heritage", 1_175)];

/// Thirty percent of orders come to one of these.
const POPULAR: [Cents; 20] = [
    1_495, 1_995, 2_495, 2_900, 2_995, 3_495, 3_995, 4_500, 4_995, 5_995, 6_500, 6_995, 7_995, 8_995, 9_900, 9_995,
    12_500, 14_995, 19_900, 24_995,
];

#[derive(Clone, Debug)]
pub struct Product {
    pub id: u64,
    pub sku: String,
    pub name: String,
    pub price: Cents,
    /// Gift sets ship free and carry no tax, so that the order comes to the price.
    pub is_gift_set: bool,
    /// The books have an item of this id.
    pub in_ledger: bool,
}

impl Product {
    /// What the store shows of it.
    pub fn shown(&self) -> i64 {
        40 + (self.id % 60) as i64
    }

    /// What lies in the warehouse: mostly as the store shows, and now and then more, fewer or none.
    pub fn on_shelf(&self) -> i64 {
        match self.id % 12 {
            3 => self.shown() + 24,
            7 => self.shown() - 13,
            11 if self.id % 24 == 11 => 0,
            _ => self.shown(),
        }
    }

    /// What the books ask for it: mostly what the store does, one in fifteen a dollar more, one far less, one nothing.
    pub fn book_price(&self) -> Cents {
        match self.id {
            118 => self.price / 10,
            133 => 0,
            id if id % 15 == 4 => self.price + 100,
            _ => self.price,
        }
    }
}

/// Ordinary goods first, then gift sets, then `unmapped` new goods the books do not know yet.
pub fn products(unmapped: usize) -> Vec<Product> {
    let mut all = Vec::new();
    let mut add = |sku: String, name: String, price, is_gift_set, in_ledger| {
        let id = 101 + all.len() as u64;
        all.push(Product { id, sku, name, price, is_gift_set, in_ledger });
    };
    for &(code, name, price) in GOODS {
        for &(mark, finish, more) in FINISHES {
            add(format!("LK-{code}-{mark}"), format!("{name}{finish}"), price + more, false, true);
        }
    }
    for (at, price) in POPULAR.into_iter().enumerate() {
        add(format!("LK-SET-{:02}", at + 1), format!("Gift set no. {}", at + 1), price, true, true);
    }
    for at in 0..unmapped {
        add(
            format!("LK-NEW-{:02}", at + 1),
            format!("Spring arrival no. {}", at + 1),
            2_150 + 310 * at as Cents,
            false,
            false,
        );
    }
    all
}

pub fn ordinary(dice: &mut Dice) -> usize {
    dice.below(GOODS.len() * FINISHES.len())
}

pub fn gift_set(dice: &mut Dice) -> usize {
    GOODS.len() * FINISHES.len() + dice.below(POPULAR.len())
}

pub fn new_arrival(at: usize, unmapped: usize) -> usize {
    GOODS.len() * FINISHES.len() + POPULAR.len() + at % unmapped.max(1)
}
