//! Whether two names are one party: accents, legal forms, word order and blanks aside.

const LEGAL_FORMS: &[&str] = &[
    "INC", "LLC", "LTD", "GMBH", "CO", "CORP", "COMPANY", "SARL", "SA", "AG", "BV", "KG", "PLC", "THE", "AND", "ET",
    "FILS", "UND",
];

/// 0 to 100; 0 where either side says nothing.
pub fn names_percent(left: &str, right: &str) -> u8 {
    let (left, right) = (words(left), words(right));
    if left.is_empty() || right.is_empty() {
        return 0;
    }
    let (left, right) = (left.join(" "), right.join(" "));
    if left == right {
        return 100;
    }
    // An integer percentage of a similarity; no amount passes through here.
    (rapidfuzz::distance::osa::normalized_similarity(left.chars(), right.chars()) * 100.0) as u8
}

fn words(name: &str) -> Vec<String> {
    let plain: String = name.chars().flat_map(fold).collect();
    let mut words: Vec<String> = plain
        .split(|it: char| !it.is_alphanumeric())
        .filter(|it| !it.is_empty() && !LEGAL_FORMS.contains(it))
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words
}

/// Upper case without the accents of western European names.
fn fold(letter: char) -> Vec<char> {
    let upper: Vec<char> = letter.to_uppercase().collect();
    upper
        .into_iter()
        .flat_map(|it| match it {
            'À' | 'Á' | 'Â' | 'Ã' | 'Å' => vec!['A'],
            'Ä' | 'Æ' => vec!['A', 'E'],
            'Ç' => vec!['C'],
            'È' | 'É' | 'Ê' | 'Ë' => vec!['E'],
            'Ì' | 'Í' | 'Î' | 'Ï' => vec!['I'],
            'Ñ' => vec!['N'],
            'Ò' | 'Ó' | 'Ô' | 'Õ' => vec!['O'],
            'Ö' | 'Ø' | 'Œ' => vec!['O', 'E'],
            'Ù' | 'Ú' | 'Û' => vec!['U'],
            'Ü' => vec!['U', 'E'],
            'Ý' => vec!['Y'],
            'ß' => vec!['S', 'S'],
            '\'' | '’' => vec![],
            other => vec![other],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_party_under_two_spellings() {
        for (left, right) in [
            ("Gärtnerei Brückenhof GmbH & Co. KG", "Gaertnerei Brueckenhof"),
            ("Ó Súilleabháin Nurseries Ltd", "O Suilleabhain Nurseries"),
            ("Fiona's Potting Shed", "Fionas Potting Shed"),
            ("Mary Jones", "JONES, MARY"),
        ] {
            assert!(names_percent(left, right) >= 90, "{left} / {right}: {}", names_percent(left, right));
        }
        assert!(names_percent("Mary Jones", "Peter Smith") < 50);
        assert_eq!(names_percent("", "Peter Smith"), 0);
    }
}
