//! Within one component of candidates: the pairs whose sum of evidence is greatest, and for each how much worse the next
//! best answer without it would be. The order rows came in decides nothing: equal answers are told apart by nobody.

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    pub left: usize,
    pub right: usize,
    pub score: f32,
    pub margin: f32,
}

/// Larger components are cut: only pairs that are each other's clear best are taken.
pub const SIDE_MAX: usize = 28;

/// `pairs`: left, right, score above zero. Exact up to `SIDE_MAX` on the smaller side.
pub fn assign(lefts: usize, rights: usize, pairs: &[(usize, usize, f32)]) -> Vec<Choice> {
    if pairs.len() == 1 {
        let (left, right, score) = pairs[0];
        return vec![Choice { left, right, score, margin: score }];
    }
    if lefts.min(rights) > SIDE_MAX || lefts.max(rights) > 4 * SIDE_MAX {
        return clear_bests(lefts, rights, pairs);
    }
    let mut gain = vec![0.0_f64; lefts * rights];
    for &(left, right, score) in pairs {
        let cell = &mut gain[left * rights + right];
        *cell = cell.max(f64::from(score));
    }
    let (best, partners) = greatest(lefts, rights, &gain);
    let mut choices = Vec::new();
    for (left, partner) in partners.iter().enumerate() {
        let Some(right) = *partner else { continue };
        let cell = left * rights + right;
        let score = gain[cell];
        gain[cell] = 0.0;
        let without = greatest(lefts, rights, &gain).0;
        gain[cell] = score;
        choices.push(Choice { left, right, score: score as f32, margin: (best - without) as f32 });
    }
    choices
}

/// Jonker and Volgenant's shortest augmenting paths on a square of costs; cells of no gain leave both alone.
fn greatest(lefts: usize, rights: usize, gain: &[f64]) -> (f64, Vec<Option<usize>>) {
    let size = lefts.max(rights);
    let cost = |left: usize, right: usize| {
        if left < lefts && right < rights { -gain[left * rights + right] } else { 0.0 }
    };
    let (mut of_left, mut of_right) = (vec![0.0_f64; size + 1], vec![0.0_f64; size + 1]);
    let mut owner = vec![0_usize; size + 1];
    let mut way = vec![0_usize; size + 1];
    for left in 1..=size {
        owner[0] = left;
        let mut right = 0;
        let mut least = vec![f64::INFINITY; size + 1];
        let mut used = vec![false; size + 1];
        loop {
            used[right] = true;
            let (row, mut delta, mut next) = (owner[right], f64::INFINITY, 0);
            for column in 1..=size {
                if used[column] {
                    continue;
                }
                let current = cost(row - 1, column - 1) - of_left[row] - of_right[column];
                if current < least[column] {
                    least[column] = current;
                    way[column] = right;
                }
                if least[column] < delta {
                    delta = least[column];
                    next = column;
                }
            }
            for column in 0..=size {
                if used[column] {
                    of_left[owner[column]] += delta;
                    of_right[column] -= delta;
                } else {
                    least[column] -= delta;
                }
            }
            right = next;
            if owner[right] == 0 {
                break;
            }
        }
        while right != 0 {
            let before = way[right];
            owner[right] = owner[before];
            right = before;
        }
    }
    let mut partners = vec![None; lefts];
    let mut total = 0.0;
    for right in 1..=size {
        let left = owner[right] - 1;
        if left < lefts && right <= rights && gain[left * rights + right - 1] > 0.0 {
            partners[left] = Some(right - 1);
            total += gain[left * rights + right - 1];
        }
    }
    (total, partners)
}

fn clear_bests(lefts: usize, rights: usize, pairs: &[(usize, usize, f32)]) -> Vec<Choice> {
    let two = |count: usize, key: &dyn Fn(&(usize, usize, f32)) -> usize| {
        let mut best = vec![(f32::MIN, f32::MIN); count];
        for it in pairs {
            let (first, second) = &mut best[key(it)];
            if it.2 > *first {
                *second = *first;
                *first = it.2;
            } else if it.2 > *second {
                *second = it.2;
            }
        }
        best
    };
    let of_left = two(lefts, &|it| it.0);
    let of_right = two(rights, &|it| it.1);
    pairs
        .iter()
        .filter(|it| it.2 == of_left[it.0].0 && it.2 == of_right[it.1].0)
        .map(|it| {
            let rival = of_left[it.0].1.max(of_right[it.1].1).max(0.0);
            Choice { left: it.0, right: it.1, score: it.2, margin: it.2 - rival }
        })
        .filter(|it| it.margin > 0.0)
        .collect()
}

/// Joins records into components.
pub struct Union {
    parent: Vec<u32>,
}

impl Union {
    pub fn new(size: usize) -> Union {
        Union { parent: (0..size as u32).collect() }
    }

    pub fn root(&mut self, mut it: u32) -> u32 {
        while self.parent[it as usize] != it {
            let up = self.parent[self.parent[it as usize] as usize];
            self.parent[it as usize] = up;
            it = up;
        }
        it
    }

    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        // The lower one leads, whoever came first.
        let (low, high) = (a.min(b), a.max(b));
        self.parent[high as usize] = low;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn brute(lefts: usize, rights: usize, pairs: &[(usize, usize, f32)], banned: Option<(usize, usize)>) -> f32 {
        fn go(
            left: usize,
            lefts: usize,
            taken: u32,
            pairs: &[(usize, usize, f32)],
            banned: Option<(usize, usize)>,
        ) -> f32 {
            if left == lefts {
                return 0.0;
            }
            let mut best = go(left + 1, lefts, taken, pairs, banned);
            for it in pairs.iter().filter(|it| it.0 == left && taken & 1 << it.1 == 0 && banned != Some((it.0, it.1))) {
                best = best.max(it.2 + go(left + 1, lefts, taken | 1 << it.1, pairs, banned));
            }
            best
        }
        let _ = rights;
        go(0, lefts, 0, pairs, banned)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        /// The best answer and every margin are those of trying everything.
        #[test]
        fn the_best_pairs_and_their_margins_are_those_of_brute_force(
            cells in prop::collection::btree_map((0usize..5, 0usize..5), 1u8..40, 1..16),
        ) {
            let pairs: Vec<(usize, usize, f32)> = cells.into_iter().map(|(at, it)| (at.0, at.1, f32::from(it))).collect();
            let choices = assign(5, 5, &pairs);
            let total: f32 = choices.iter().map(|it| it.score).sum();
            let best = brute(5, 5, &pairs, None);
            prop_assert!((total - best).abs() < 0.001);
            for it in choices {
                let without = brute(5, 5, &pairs, Some((it.left, it.right)));
                prop_assert!((it.margin - (best - without)).abs() < 0.001, "{it:?} {best} {without}");
            }
        }
    }
}
