//! Requests out of thin air: a deserializer that makes up whatever a request type asks it for, from dice and from words that
//! mean something here (ids of real records, days, amounts), so that calls get past the door and into the code behind it.

use serde::de::value::{Error, StringDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// SplitMix64: the same seed, the same calls.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        it ^ (it >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end.max(1) as u64).unwrap()
    }

    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    pub fn text(&mut self, words: &[String]) -> String {
        const ODD: [&str; 16] = [
            "",
            " ",
            "2026-01",
            "2026-13",
            "2026-01-31",
            "9999-12-31",
            "-0.01",
            "1e9",
            "99999999999999999999",
            "\u{0}\u{1}\u{FFFE}",
            "../../etc/passwd",
            "'; DROP TABLE postings; --",
            "<script>alert(1)</script>",
            "\u{202E}نص 🧾",
            "%",
            "Posted",
        ];
        match self.below(20) {
            0..14 => words[self.below(words.len())].clone(),
            14 => format!("{:064x}", self.roll()),
            15 if self.one_in(20) => "x".repeat(1_000_000),
            _ => ODD[self.below(ODD.len())].to_owned(),
        }
    }
}

pub struct Draw<'a> {
    pub dice: &'a mut Dice,
    pub words: &'a [String],
    pub depth: usize,
}

impl Draw<'_> {
    fn inner(&mut self) -> Draw<'_> {
        Draw { dice: self.dice, words: self.words, depth: self.depth + 1 }
    }
}

impl<'de> Deserializer<'de> for Draw<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.dice.text(self.words))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.dice.one_in(2))
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let edge = [0, 1, 2, 50, 200, 201, u32::MAX];
        visitor.visit_u32(edge[self.dice.below(edge.len())])
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_u8(self.dice.below(256) as u8)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_u16(self.dice.below(65_536) as u16)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let edge = [i32::MIN, -1, 0, 1, i32::MAX];
        visitor.visit_i32(edge[self.dice.below(edge.len())])
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let edge = [0.0, -1.0, 0.5, f64::MAX, f64::NAN];
        visitor.visit_f64(edge[self.dice.below(edge.len())])
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.dice.one_in(2) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let left = if self.depth > 4 { 0 } else { self.dice.below(5) };
        visitor.visit_seq(Parts { draw: self.inner(), fields: &[], left })
    }

    fn deserialize_tuple<V: Visitor<'de>>(mut self, left: usize, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Parts { draw: self.inner(), fields: &[], left })
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Parts { draw: self.inner(), fields: &[], left: 0 })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(Parts { draw: self.inner(), fields, left: fields.len() })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let name = variants[self.dice.below(variants.len())];
        visitor.visit_enum(Variant { draw: self.inner(), name })
    }

    forward_to_deserialize_any! { i8 i16 i64 i128 u64 u128 f32 char str string bytes byte_buf unit unit_struct tuple_struct identifier ignored_any }
}

struct Parts<'a> {
    draw: Draw<'a>,
    fields: &'static [&'static str],
    left: usize,
}

impl<'de> SeqAccess<'de> for Parts<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        seed.deserialize(self.draw.inner()).map(Some)
    }
}

impl<'de> MapAccess<'de> for Parts<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((name, rest)) = self.fields.split_first() else { return Ok(None) };
        self.fields = rest;
        let name: StringDeserializer<Error> = (*name).to_owned().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.draw.inner())
    }
}

struct Variant<'a> {
    draw: Draw<'a>,
    name: &'static str,
}

impl<'a, 'de> EnumAccess<'de> for Variant<'a> {
    type Error = Error;
    type Variant = Variant<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Variant<'a>), Error> {
        let name: StringDeserializer<Error> = self.name.to_owned().into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.draw)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.draw.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.draw.deserialize_struct("", fields, visitor)
    }
}
