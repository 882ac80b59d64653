//! Customers, and the ways their names are written down a second time.

use crate::dice::Dice;
use crate::noise::Styles;

const GIVEN: &[&str] = &[
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "William",
    "Barbara",
    "Richard",
    "Susan",
    "Joseph",
    "Jessica",
    "Thomas",
    "Sarah",
    "Daniel",
    "Karen",
    "Matthew",
    "Lisa",
    "Anthony",
    "Nancy",
    "Mark",
    "Sandra",
    "Steven",
    "Ashley",
    "Andrew",
    "Emily",
    "Paul",
    "Donna",
    "Joshua",
    "Michelle",
    "Kenneth",
    "Carol",
    "Kevin",
    "Amanda",
    "Brian",
    "Melissa",
    "José",
    "María",
    "Andrés",
    "Sofía",
    "Jürgen",
    "Jörg",
    "Zoë",
    "Chloé",
    "René",
    "François",
    "Łukasz",
    "Małgorzata",
    "Søren",
    "Åsa",
    "Björn",
    "İbrahim",
    "Nguyễn",
    "Hiroshi",
    "Yuki",
    "Priya",
    "Arjun",
    "Olga",
    "Ivan",
    "Fatima",
    "Omar",
    "Chen",
    "Wei",
    "Min-Jun",
    "Aoife",
    "Siobhán",
];
const GIVEN_SHORT: &[(&str, &str)] = &[
    ("James", "Jim"),
    ("Robert", "Bob"),
    ("Patricia", "Pat"),
    ("Michael", "Mike"),
    ("Elizabeth", "Liz"),
    ("William", "Bill"),
    ("Richard", "Rick"),
    ("Joseph", "Joe"),
    ("Thomas", "Tom"),
    ("Daniel", "Dan"),
    ("Matthew", "Matt"),
    ("Anthony", "Tony"),
    ("Steven", "Steve"),
    ("Andrew", "Andy"),
    ("Joshua", "Josh"),
    ("Kenneth", "Ken"),
    ("Jennifer", "Jen"),
    ("Susan", "Sue"),
    ("Michelle", "Shelly"),
    ("Amanda", "Mandy"),
];
const FAMILY: &[&str] = &[
    "Smith",
    "Johnson",
    "Williams",
    "Brown",
    "Jones",
    "Garcia",
    "Miller",
    "Davis",
    "Rodriguez",
    "Martinez",
    "Hernandez",
    "Lopez",
    "Wilson",
    "Anderson",
    "Thomas",
    "Taylor",
    "Moore",
    "Jackson",
    "Martin",
    "Lee",
    "Perez",
    "Thompson",
    "White",
    "Harris",
    "Sanchez",
    "Clark",
    "Ramirez",
    "Lewis",
    "Robinson",
    "Walker",
    "Young",
    "Allen",
    "King",
    "Wright",
    "Scott",
    "Torres",
    "Nguyen",
    "Hill",
    "Flores",
    "Green",
    "Adams",
    "Nelson",
    "Baker",
    "Hall",
    "Rivera",
    "Campbell",
    "Mitchell",
    "Carter",
    "Roberts",
    "Müller",
    "Schröder",
    "Weiß",
    "Größer",
    "Lefèvre",
    "Gauthier",
    "Núñez",
    "Ibáñez",
    "Gonçalves",
    "Araújo",
    "Kowalski",
    "Wiśniewski",
    "Dvořák",
    "Novák",
    "Ødegård",
    "Lindström",
    "Håkansson",
    "O'Brien",
    "O'Neill",
    "McCarthy",
    "MacDonald",
    "van der Berg",
    "de la Cruz",
    "Tanaka",
    "Suzuki",
    "Yamamoto",
    "Kim",
    "Park",
    "Singh",
    "Patel",
    "Sharma",
    "Khan",
    "Ahmed",
    "Ivanova",
    "Petrov",
    "Papadopoulos",
    "Rossi",
    "Bianchi",
    "Esposito",
    "Szabó",
    "Kovács",
    "Popescu",
    "Yılmaz",
    "Öztürk",
    "Haddad",
    "Cohen",
    "Levy",
    "Okafor",
    "Mensah",
    "Abebe",
    "Whitfield",
    "Ashworth",
    "Thornbury",
    "Castellano",
    "Vandermeer",
    "Holloway",
    "Pemberton",
    "Easterbrook",
    "Fairchild",
    "Lockhart",
    "Winslow",
];
const FIRM: &[&str] = &[
    "Acme",
    "Northwind",
    "Globex",
    "Initech",
    "Summit",
    "Harbor",
    "Riverside",
    "Pioneer",
    "Keystone",
    "Evergreen",
    "Atlas",
    "Beacon",
    "Cascade",
    "Delta",
    "Everest",
    "Falcon",
    "Granite",
    "Horizon",
    "Ironwood",
    "Juniper",
    "Lakeshore",
    "Meridian",
    "Nordic",
    "Oakridge",
    "Pacific",
    "Quantum",
    "Redwood",
    "Sterling",
    "Trident",
    "Union",
    "Vanguard",
    "Westfield",
    "Yellowstone",
    "Zenith",
    "Bluebird",
    "Château",
    "Müller",
    "São Paulo",
    "Crestview",
    "Silverline",
];
const TRADE: &[&str] = &[
    "Supplies",
    "Trading",
    "Industries",
    "Outfitters",
    "Electronics",
    "Furniture",
    "Medical",
    "Foods",
    "Hardware",
    "Logistics",
    "Printing",
    "Textiles",
    "Garden",
    "Auto Parts",
    "Sports",
    "Books",
    "Toys",
    "Kitchens",
    "Optics",
    "Tools",
    "Dental",
    "Marine",
    "Roofing",
    "Design",
    "Labs",
    "Schools",
    "Motors",
    "Bakery",
    "Cosmetics",
    "Instruments",
];
const FORM: &[&str] = &["Inc", "LLC", "Ltd", "Corp", "GmbH", "Co."];

#[derive(Clone, Debug)]
pub struct Customer {
    pub name: String,
    pub email: String,
    /// As Intacct knows the customer.
    pub id: String,
    pub is_firm: bool,
}

pub fn customer(dice: &mut Dice, number: usize, firm: bool) -> Customer {
    let name = if firm {
        format!("{} {} {}", dice.pick(FIRM), dice.pick(TRADE), dice.pick(FORM))
    } else {
        format!("{} {}", dice.pick(GIVEN), dice.pick(FAMILY))
    };
    let letters: String = plain(&name).to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let email = match dice.below(3) {
        0 => format!("{letters}{}@example.com", number % 1_000),
        1 => format!("{}{number}@example.org", &letters[..letters.len().min(6)]),
        _ => format!("{letters}@shop{}.example", number % 97),
    };
    Customer { name, email, id: format!("C-{number:06}"), is_firm: firm }
}

/// The name once more, by one of the styles.
pub fn written(dice: &mut Dice, customer: &Customer, styles: &Styles) -> String {
    let name = &customer.name;
    let at = dice.weighted(styles.values().copied());
    match styles.keys().nth(at).map_or("same", String::as_str) {
        "same" => name.clone(),
        "upper" => name.to_uppercase(),
        "no-accents" => plain(name),
        "swapped" if !customer.is_firm => swapped(name, ", "),
        "swapped-no-comma" if !customer.is_firm => swapped(name, " "),
        "suffix" if customer.is_firm => {
            let stem = name.rsplit_once(' ').map_or(name.as_str(), |(stem, _)| stem);
            match dice.below(3) {
                0 => stem.to_owned(),
                1 => format!("{stem}, {}", dice.pick(FORM)),
                _ => format!("{stem} {}", dice.pick(FORM)),
            }
        }
        "initial" if !customer.is_firm => match name.split_once(' ') {
            Some((given, family)) => format!("{}. {family}", given.chars().next().unwrap_or('X')),
            None => name.clone(),
        },
        "nickname" if !customer.is_firm => {
            let short = GIVEN_SHORT.iter().find(|(given, _)| name.starts_with(given));
            short.map_or_else(|| name.clone(), |(given, short)| name.replacen(given, short, 1))
        }
        "middle" if !customer.is_firm => name.replacen(' ', &format!(" {} ", dice.pick(GIVEN)), 1),
        "spelt-out" => {
            name.replace('ü', "ue").replace('ö', "oe").replace('ß', "ss").replace('å', "aa").replace('ø', "oe")
        }
        "cut" => name.chars().take(12).collect(),
        "care-of" => format!("{name} c/o {} {}", dice.pick(FIRM), dice.pick(TRADE)),
        "typo" => mistyped(dice, name),
        "blank" => String::new(),
        // A style that a person or a firm cannot have.
        _ => name.clone(),
    }
}

fn swapped(name: &str, between: &str) -> String {
    name.split_once(' ').map_or_else(|| name.to_owned(), |(given, family)| format!("{family}{between}{given}"))
}

pub fn mistyped(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 {
        return text.to_owned();
    }
    let at = 1 + dice.below(letters.len() - 2);
    match dice.below(3) {
        0 => letters.swap(at, at + 1),
        1 => {
            letters.remove(at);
        }
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}

/// Without accents, as old bank software writes.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'á' | 'à' | 'ã' | 'å' | 'â' => 'a',
            'Å' => 'A',
            'é' | 'è' | 'ë' | 'ê' | 'ễ' => 'e',
            'í' | 'ı' => 'i',
            'İ' => 'I',
            'ó' | 'ö' | 'ø' | 'ô' => 'o',
            'Ö' | 'Ø' => 'O',
            'ú' | 'ü' => 'u',
            'ñ' => 'n',
            'ç' => 'c',
            'ś' => 's',
            'ß' => 's',
            'ł' => 'l',
            'Ł' => 'L',
            'ř' => 'r',
            'Š' => 'S',
            other => other,
        })
        .collect()
}
