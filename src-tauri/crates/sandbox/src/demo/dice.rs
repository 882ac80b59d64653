//! The generator's only source of chance: the same seed always throws the same numbers.

use rand::{Rng, SeedableRng, rngs::StdRng};

pub struct Dice(StdRng);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(StdRng::seed_from_u64(seed))
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    pub fn below(&mut self, count: usize) -> usize {
        self.0.random_range(0..count.max(1))
    }

    /// True in so many of a thousand throws.
    pub fn chance(&mut self, per_mille: i64) -> bool {
        self.between(0, 999) < per_mille
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// One of the choices, each as likely as its weight says.
    pub fn weighted<T: Copy>(&mut self, choices: &[(T, i64)]) -> T {
        let total: i64 = choices.iter().map(|(_, weight)| weight).sum();
        let mut left = self.between(0, total - 1);
        for &(choice, weight) in choices {
            if left < weight {
                return choice;
            }
            left -= weight;
        }
        choices[0].0
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }

    /// Letters and digits in turn, so that no run of digits looks like an order number.
    pub fn token(&mut self, length: usize, upper: bool) -> String {
        let letters: &[u8] = if upper { b"ABCDEFGHJKLMNPQRSTUVWXYZ" } else { b"abcdefghijkmnopqrstuvwxyz" };
        (0..length)
            .map(|at| char::from(if at % 4 == 3 { self.pick(b"23456789") } else { self.pick(letters) }))
            .collect()
    }

    pub fn digits(&mut self, length: usize) -> String {
        (0..length)
            .map(|at| char::from(self.pick(if at == 0 { b"123456789".as_slice() } else { b"0123456789" })))
            .collect()
    }
}
