//! Customers as the store knows them and as the books spell them: accents lost, names swapped, Inc or LLC.

use super::dice::Dice;

const FIRST: &[&str] = &[
    "Amelia",
    "Noah",
    "Olivia",
    "Liam",
    "Sofía",
    "Mateo",
    "Chloé",
    "Lucas",
    "Zoë",
    "Elena",
    "José",
    "Hannah",
    "Björn",
    "Ingrid",
    "Renée",
    "André",
    "Maya",
    "Ethan",
    "Priya",
    "Arjun",
    "Mei",
    "Kenji",
    "Fatima",
    "Omar",
    "Siobhán",
    "Declan",
    "Núria",
    "Pau",
    "Marta",
    "Tomasz",
    "Agnieszka",
    "Jürgen",
    "Käthe",
    "Thérèse",
    "Benoît",
    "Søren",
    "Astrid",
    "Grace",
    "Henry",
    "Isabel",
    "Jack",
    "Katherine",
    "Leonard",
    "Miriam",
    "Nathaniel",
    "Ophelia",
    "Patrick",
    "Quinn",
    "Rosalind",
    "Samuel",
    "Tabitha",
    "Ursula",
    "Victor",
    "Wendy",
    "Xavier",
    "Yvonne",
    "Zachary",
    "Beatriz",
    "Carlos",
    "Delphine",
    "Edith",
    "Françoise",
    "Gregory",
    "Helga",
    "Iñaki",
    "Joan",
    "Karel",
    "Lena",
    "Márton",
    "Nicole",
    "Oscar",
    "Paloma",
    "Ramón",
    "Stella",
    "Theodore",
    "Ulla",
    "Vincent",
    "Walter",
    "Yolanda",
    "Zsófia",
];
const LAST: &[&str] = &[
    "Abbott",
    "Álvarez",
    "Bauer",
    "Beckett",
    "Bergström",
    "Caldwell",
    "Castañeda",
    "Chen",
    "Côté",
    "Dąbrowski",
    "Delacroix",
    "Donnelly",
    "Ellsworth",
    "Eriksen",
    "Fairchild",
    "Fernández",
    "Fitzgerald",
    "García",
    "Gauthier",
    "Goldberg",
    "Greene",
    "Gündoğan",
    "Hadley",
    "Halvorsen",
    "Hawthorne",
    "Hernández",
    "Hughes",
    "Ibarra",
    "Iversen",
    "Jansen",
    "Jiménez",
    "Kaminski",
    "Keller",
    "Kovács",
    "Lafayette",
    "Lindqvist",
    "López",
    "MacLeod",
    "Marchetti",
    "Martínez",
    "McAllister",
    "Müller",
    "Nakamura",
    "Núñez",
    "Nyström",
    "O'Brien",
    "O'Connor",
    "Okafor",
    "Olsen",
    "Pacheco",
    "Park",
    "Peña",
    "Pettersson",
    "Quimby",
    "Ramírez",
    "Reyes",
    "Rossi",
    "Rousseau",
    "Sánchez",
    "Schäfer",
    "Sharma",
    "Silva",
    "Sørensen",
    "Sullivan",
    "Takahashi",
    "Thibault",
    "Tremblay",
    "Underwood",
    "Valdés",
    "Van Dyke",
    "Vega",
    "Wagner",
    "Weiß",
    "Whitaker",
    "Wójcik",
    "Xu",
    "Yamada",
    "Yates",
    "Zamora",
    "Zimmermann",
    "Ashford",
    "Bradshaw",
    "Crawley",
    "Dunmore",
    "Eastwood",
    "Foxworth",
    "Garland",
    "Holloway",
    "Ingram",
    "Jarvis",
    "Kingsley",
];
const FIRM: &[&str] = &[
    "Brightwater",
    "Cedar Ridge",
    "Dovetail",
    "Evergreen",
    "Fernhollow",
    "Granite Bay",
    "Hawthorn",
    "Ironwood",
    "Juniper",
    "Kestrel",
    "Lakeshore",
    "Maplewood",
    "Northfield",
    "Oak & Ivy",
    "Pinecrest",
    "Quarry Lane",
    "Redbud",
    "Silver Birch",
    "Thistle",
    "Upland",
    "Verdant",
    "Willowmere",
    "Yarrow",
    "Zinnia",
    "Château Vert",
    "Río Claro",
];
const TRADE: &[&str] = &[
    "Landscaping",
    "Nurseries",
    "Interiors",
    "Property Services",
    "Garden Design",
    "Builders",
    "Hospitality",
    "Event Rentals",
    "Property Management",
    "Farms",
    "Home Staging",
    "Restoration",
];

/// City, state, X-Cart's state id, ZIP and sales tax in hundredths of a percent.
const US: &[(&str, &str, u64, &str, i64)] = &[
    ("Austin", "TX", 1_043, "78704", 825),
    ("Chicago", "IL", 1_014, "60614", 625),
    ("Columbus", "OH", 1_036, "43215", 575),
    ("Denver", "CO", 1_006, "80203", 290),
    ("Portland", "OR", 1_038, "97205", 0),
    ("Nashville", "TN", 1_042, "37206", 700),
    ("Raleigh", "NC", 1_034, "27605", 475),
    ("Providence", "RI", 1_040, "02906", 700),
    ("Madison", "WI", 1_049, "53703", 500),
    ("Boise", "ID", 1_013, "83702", 600),
    ("Tampa", "FL", 1_010, "33606", 600),
    ("Manchester", "NH", 1_030, "03101", 0),
];
const EU: &[(&str, &str, &str)] = &[
    ("Köln", "50667", "DE"),
    ("Lyon", "69002", "FR"),
    ("Cork", "T12 X7P3", "IE"),
    ("Utrecht", "3511 AA", "NL"),
    ("Málaga", "29005", "ES"),
    ("Graz", "8010", "AT"),
];
const STREETS: &[&str] = &["Larkspur Lane", "Orchard Road", "Mill Street", "Station Road", "High Street", "Elm Avenue"];

/// How the name in the books differs from the one at the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameNoise {
    Same,
    AccentsLost,
    Suffix,
    Swapped,
    /// The store has no name at all.
    Blank,
}

impl NameNoise {
    pub fn trait_name(self) -> Option<&'static str> {
        match self {
            NameNoise::Same => None,
            NameNoise::AccentsLost => Some("name_accents"),
            NameNoise::Suffix => Some("name_suffix"),
            NameNoise::Swapped => Some("name_swapped"),
            NameNoise::Blank => Some("name_blank"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Person {
    /// X-Cart's profile id.
    pub profile: u64,
    /// Intacct's customer id; none when the books do not know the customer.
    pub ledger_id: Option<String>,
    pub first: String,
    pub last: String,
    pub ledger_name: String,
    pub noise: NameNoise,
    pub is_business: bool,
    pub is_european: bool,
    pub email: String,
    pub street: String,
    pub city: &'static str,
    pub state_code: &'static str,
    pub state: Option<u64>,
    pub zip: &'static str,
    pub country: &'static str,
    /// Hundredths of a percent.
    pub tax_rate: i64,
}

impl Person {
    pub fn name(&self) -> String {
        format!("{} {}", self.first, self.last).trim().to_owned()
    }
}

/// Intacct's customer for orders without a profile.
pub const GUEST: &str = "C-GUEST";

/// The last `unknown` of them exist at the store only.
pub fn people(dice: &mut Dice, count: usize, unknown: usize) -> Vec<Person> {
    (0..count).map(|at| person(dice, at, at + unknown >= count)).collect()
}

fn person(dice: &mut Dice, at: usize, unknown: bool) -> Person {
    let profile = 5_001 + at as u64;
    let is_business = dice.chance(140);
    let is_european = !is_business && dice.chance(170);
    let (first, last, noise) = if is_business {
        let suffix = dice.pick(&["Inc", "LLC", "Ltd"]);
        let noise = dice.weighted(&[(NameNoise::Same, 50), (NameNoise::Suffix, 50)]);
        (format!("{} {}", dice.pick(FIRM), dice.pick(TRADE)), suffix.to_owned(), noise)
    } else {
        let noise = dice.weighted(&[
            (NameNoise::Same, 74),
            (NameNoise::AccentsLost, 12),
            (NameNoise::Swapped, 10),
            (NameNoise::Blank, 4),
        ]);
        (dice.pick(FIRST).to_owned(), dice.pick(LAST).to_owned(), noise)
    };
    let full = format!("{first} {last}");
    let plain = without_accents(&full);
    let (ledger_name, noise) = match noise {
        NameNoise::AccentsLost if plain == full => (full.clone(), NameNoise::Same),
        NameNoise::AccentsLost => (plain.clone(), noise),
        NameNoise::Swapped => (format!("{last}, {first}"), noise),
        NameNoise::Suffix if dice.chance(500) => (first.clone(), noise),
        NameNoise::Suffix => (format!("{first}, {last}."), noise),
        NameNoise::Same | NameNoise::Blank => (full.clone(), noise),
    };
    let mailbox: String = plain.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let (first, last) = if noise == NameNoise::Blank { (String::new(), String::new()) } else { (first, last) };
    let street = format!("{} {}", dice.between(2, 980), dice.pick(STREETS));
    let (city, state_code, state, zip, country, tax_rate) = if is_european {
        let (city, zip, country) = dice.pick(EU);
        (city, "", None, zip, country, 0)
    } else {
        let (city, code, state, zip, rate) = dice.pick(US);
        (city, code, Some(state), zip, "US", rate)
    };
    Person {
        profile,
        ledger_id: (!unknown).then(|| format!("C-{profile}")),
        first,
        last,
        ledger_name,
        noise,
        is_business,
        is_european,
        email: format!("{mailbox}{}@example.{}", at % 97, if is_european { "org" } else { "com" }),
        street,
        city,
        state_code,
        state,
        zip,
        country,
        tax_rate,
    }
}

fn without_accents(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'ą' => 'a',
            'Á' => 'A',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'É' => 'E',
            'í' | 'î' | 'ï' | 'ı' => 'i',
            'ó' | 'ô' | 'ö' | 'ø' => 'o',
            'ú' | 'ü' | 'û' => 'u',
            'ñ' => 'n',
            'ç' => 'c',
            'ğ' => 'g',
            'ß' => 's',
            other => other,
        })
        .collect()
}
