//! Which fields an object has in this company. Asked once per object; our own lists are cut down to it, so a
//! field that a company lacks is no error unless we cannot do without it.

use crate::client::Client;
use crate::error::Error;
use crate::xml::Node;
use std::collections::BTreeSet;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectFields {
    pub object: String,
    pub fields: BTreeSet<String>,
    /// Objects that dotted fields may start with.
    pub relations: BTreeSet<String>,
}

impl ObjectFields {
    pub(crate) fn from_data(object: &str, data: Option<&Node>) -> Result<ObjectFields, Error> {
        let kind = data
            .and_then(|it| it.child("Type"))
            .ok_or_else(|| Error::Unexpected(format!("the lookup of {object} names no type")))?;
        let texts = |group: &str, item: &str, field: &str| -> BTreeSet<String> {
            kind.child(group)
                .into_iter()
                .flat_map(|it| it.children_named(item))
                .filter_map(|it| it.text_of(field))
                .map(str::to_owned)
                .collect()
        };
        Ok(ObjectFields {
            object: object.to_owned(),
            fields: texts("Fields", "Field", "ID"),
            relations: texts("Relationships", "Relationship", "OBJECTPATH"),
        })
    }

    pub fn has(&self, field: &str) -> bool {
        self.fields.contains(field)
            || field.split_once('.').is_some_and(|(relation, _)| self.relations.contains(relation))
    }

    /// The fields of `list` that exist here, each once; a required one that does not is an error with its name.
    pub(crate) fn select(&self, list: &FieldList) -> Result<Vec<String>, Error> {
        let mut selected = Vec::new();
        for choice in list.required {
            let present: Vec<_> = choice.split('|').filter(|it| self.has(it)).collect();
            if present.is_empty() {
                return Err(Error::MissingField { object: self.object.clone(), field: choice.replace('|', " or ") });
            }
            selected.extend(present);
        }
        selected.extend(list.optional.iter().filter(|it| self.has(it)));
        let mut seen = BTreeSet::new();
        Ok(selected.into_iter().filter(|it| seen.insert(*it)).map(str::to_owned).collect())
    }
}

/// What is wanted of an object. `A|B` is required in one of its spellings.
#[derive(Clone, Copy, Debug)]
pub struct FieldList {
    pub required: &'static [&'static str],
    pub optional: &'static [&'static str],
}

impl Client {
    pub async fn fields_of(&self, object: &str) -> Result<Arc<ObjectFields>, Error> {
        if let Some(known) = self.fields.lock().await.get(object) {
            return Ok(known.clone());
        }
        let data = self.ask(|out| out.group("lookup", |out| out.text("object", object))).await?;
        let fields = Arc::new(ObjectFields::from_data(object, data.as_ref())?);
        self.fields.lock().await.insert(object.to_owned(), fields.clone());
        Ok(fields)
    }

    /// Forgets what was looked up, for a company whose set-up has changed.
    pub async fn forget_fields(&self) {
        self.fields.lock().await.clear();
    }
}
