//! Hostile XML is refused before it costs anything (X1, X2): what it may cost is counted in bytes of memory, not timed.

use allocation_counter::measure;
use tieout_intacct::xml::{MAX_DEPTH, MAX_ELEMENTS, XmlError, borrowed, parse};

const KB: u64 = 1024;
const MB: u64 = 1024 * KB;

/// What reading it takes at most at one time, and what came of it.
fn cost(document: &[u8]) -> (u64, Result<(), XmlError>) {
    let mut result = Ok(());
    let info = measure(|| result = borrowed(document).map(drop));
    (info.bytes_max, result)
}

fn laughs(levels: usize) -> String {
    let mut entities = String::from("<!ENTITY a0 \"ha\">");
    for level in 1..levels {
        let before = level - 1;
        entities.push_str(&format!("<!ENTITY a{level} \"{}\">", format!("&a{before};").repeat(10)));
    }
    format!("<?xml version=\"1.0\"?><!DOCTYPE r [{entities}]><r>&a{};</r>", levels - 1)
}

#[test]
fn every_kind_of_bomb_is_refused_within_some_kilobytes() {
    let big = "A".repeat(100_000);
    let quadratic = format!("<!DOCTYPE r [<!ENTITY a \"{big}\">]><r>{}</r>", "&a;".repeat(10_000));
    let hidden = std::env::temp_dir().join("tieout-no-such-file");
    let file = format!("<!DOCTYPE r [<!ENTITY x SYSTEM \"file://{}\">]><r>&x;</r>", hidden.display());
    for (name, document) in [
        ("billion laughs", laughs(10)),
        ("more laughs", laughs(60)),
        ("quadratic blow-up", quadratic),
        ("an entity of itself", "<!DOCTYPE r [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]><r>&a;</r>".into()),
        ("an external entity", file),
        ("an external document type", "<!DOCTYPE r SYSTEM \"http://127.0.0.1:9/evil.dtd\"><r/>".into()),
        ("parameter entities", "<!DOCTYPE r [<!ENTITY % p SYSTEM \"http://127.0.0.1:9/p\">%p;]><r/>".into()),
        ("a document type that is used for nothing", "<!DOCTYPE r><r/>".into()),
    ] {
        let (bytes, result) = cost(document.as_bytes());
        assert_eq!(result, Err(XmlError::DocType), "{name}");
        assert!(bytes < 64 * KB, "{name}: {bytes} bytes");
        println!("{name}: {} bytes of XML, {bytes} of memory", document.len());
    }
}

#[test]
fn depth_breadth_and_size_are_bounded() {
    let million = |text: &str| text.repeat(1_000_000);
    let deep = format!("{}{}", million("<a>"), million("</a>"));
    let wide: String = (0..400_000).map(|it| format!(" a{it}=\"\"")).collect();
    let spaces: String = (0..100_000).map(|it| format!(" xmlns:n{it}=\"u\"")).collect();
    let elements = format!("<r>{}</r>", "<a/>".repeat(MAX_ELEMENTS));
    let text = format!("<r>{}</r>", "x".repeat(31 * MB as usize));
    for (name, document, expected, most) in [
        ("a million nested", deep, Err(XmlError::TooDeep), MB),
        ("400,000 attributes", format!("<r{wide}/>"), Err(XmlError::TooManyAttributes), MB),
        ("100,000 namespaces", format!("<r{spaces}/>"), Err(XmlError::TooManyAttributes), MB),
        ("30,000 unclosed", "<a>".repeat(30_000), Err(XmlError::TooDeep), MB),
        ("31 MB of text", text, Ok(()), MB),
        ("a million siblings", elements, Err(XmlError::TooManyElements), 400 * MB),
        ("40 MB", "x".repeat(40 * MB as usize), Err(XmlError::TooLarge), KB),
    ] {
        let (bytes, result) = cost(document.as_bytes());
        assert_eq!(result, expected, "{name}");
        assert!(bytes < most, "{name}: {bytes} bytes");
        println!("{name}: {} bytes of XML, {bytes} of memory", document.len());
    }
    let allowed = format!("{}{}", "<a>".repeat(MAX_DEPTH), "</a>".repeat(MAX_DEPTH));
    assert!(parse(allowed.as_bytes()).is_ok());
}

/// Twice the document costs twice the memory and twice the allocations: nothing in it is quadratic.
#[test]
fn the_cost_grows_with_the_document_and_no_faster() {
    let page = |rows: usize| format!("<d>{}</d>", "<R><A>1</A><B>R&amp;D</B><C/></R>".repeat(rows));
    let counted = |rows: usize| {
        let document = page(rows);
        let info = measure(|| drop(borrowed(document.as_bytes()).unwrap()));
        (info.bytes_total, info.count_total)
    };
    let (one, two) = (counted(10_000), counted(20_000));
    println!("10,000 rows: {one:?}, 20,000 rows: {two:?} (bytes, allocations)");
    assert!(two.0 <= one.0 * 3 && two.1 <= one.1 * 3, "{one:?} {two:?}");
}

#[test]
fn wrong_encodings_are_named_and_never_guessed() {
    let utf16: Vec<u8> = "<r>é</r>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain("<r/>".encode_utf16().flat_map(u16::to_be_bytes)).collect();
    for (name, bytes, said) in [
        ("ISO-8859-1, not said", b"<r>\xE9</r>".to_vec(), "not UTF-8"),
        ("ISO-8859-1, said", b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><r>\xE9</r>".to_vec(), "UTF-8"),
        ("windows-1252, said", b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><r/>".to_vec(), "windows-1252"),
        ("UTF-16 with a mark", [vec![0xFF, 0xFE], utf16.clone()].concat(), "UTF-16"),
        ("UTF-16, the other way round", big, "UTF-16"),
        ("an overlong form", b"<r>\xC0\xAF</r>".to_vec(), "not UTF-8"),
        ("a lone surrogate", b"<r>\xED\xA0\x80</r>".to_vec(), "not UTF-8"),
    ] {
        let error = parse(&bytes).unwrap_err().to_string();
        assert!(error.contains(said), "{name}: {error}");
    }
    assert!(parse(&utf16).is_err(), "UTF-16 without a mark");
    assert_eq!(parse(b"\xEF\xBB\xBF<r>x</r>").unwrap().text, "x", "a mark of UTF-8 is no text");
}
