//! XML in and out, each through one gate: what Intacct sends is checked before anything reads it, and what
//! we send carries no character XML forbids and no empty element by accident.

mod gate;
mod node;
mod text;
mod writer;

pub use gate::{MAX_BYTES, MAX_DEPTH, MAX_ELEMENTS, XmlError, borrowed, parse};
pub use node::{Element, Node};
pub use text::{Dropped, is_legal, xml_text};
pub use writer::XmlWriter;
pub(crate) use writer::us_date;
