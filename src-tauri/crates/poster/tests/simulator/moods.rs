//! What a seed is about: how often each thing goes wrong. Some seeds are calm, some are one long storm of a single kind.

use rand::Rng;
use rand::rngs::StdRng;

/// Chances in a thousand, each per occasion.
#[derive(Clone, Debug)]
pub struct Moods {
    pub honours_keys: bool,
    pub power_cut: u32,
    pub lost_answer: u32,
    pub lost_request: u32,
    pub late_commit: u32,
    pub refused: u32,
    pub too_many: u32,
    pub unreachable: u32,
    pub blind: u32,
    pub altered: u32,
    pub awaiting: u32,
    pub closed: u32,
    pub slow_to_show: u32,
    pub person: u32,
}

impl Moods {
    pub fn of(dice: &mut StdRng) -> Moods {
        let mut chance = |most: u32| if dice.random_bool(0.4) { 0 } else { dice.random_range(1..=most) };
        let moods = Moods {
            honours_keys: true,
            power_cut: chance(120),
            lost_answer: chance(400),
            lost_request: chance(400),
            late_commit: chance(400),
            refused: chance(200),
            too_many: chance(200),
            unreachable: chance(200),
            blind: chance(300),
            altered: chance(30),
            awaiting: chance(100),
            closed: chance(50),
            slow_to_show: chance(300),
            person: chance(100),
        };
        Moods { honours_keys: dice.random_bool(0.5), ..moods }
    }

    /// At the end everything works: what is still open then is open for good.
    pub fn calm(&self) -> Moods {
        Moods {
            honours_keys: self.honours_keys,
            power_cut: 0,
            lost_answer: 0,
            lost_request: 0,
            late_commit: 0,
            refused: 0,
            too_many: 0,
            unreachable: 0,
            blind: 0,
            altered: 0,
            awaiting: 0,
            closed: 0,
            slow_to_show: 0,
            person: 0,
        }
    }
}

pub fn strikes(dice: &mut StdRng, chance: u32) -> bool {
    chance > 0 && dice.random_range(0..1000) < chance
}
