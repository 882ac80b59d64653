//! Which pairs cannot be swapped. Of all ways to pair as many records as possible, a pair is taken when every one of them
//! has it; what is left out by some of them, or exchanged, is a person's to decide. So neither the order of the records nor
//! the way the search goes can change the answer.

use std::collections::BTreeMap;

/// Records that hang together; more of them are left open, and that is reported.
pub const COMPONENT_MAX: usize = 2_000;

pub struct Graph {
    pub lefts: usize,
    pub rights: usize,
    /// Each once.
    pub edges: Vec<(usize, usize)>,
    /// Not to be paired, for there are too many candidates to look at; whom they could take is contested all the same.
    pub left_is_blocked: Vec<bool>,
    pub right_is_blocked: Vec<bool>,
}

pub struct Forced {
    /// By left.
    pub pairs: Vec<(usize, usize)>,
    /// Components that were larger than is looked at.
    pub too_large: usize,
}

pub fn forced(graph: &Graph) -> Forced {
    let mut found = Forced { pairs: Vec::new(), too_large: 0 };
    for component in components(graph) {
        if component.lefts.len() + component.rights.len() > COMPONENT_MAX {
            found.too_large += 1;
            continue;
        }
        found.pairs.extend(component.forced(graph));
    }
    found.pairs.sort_unstable();
    found
}

#[derive(Default)]
struct Component {
    lefts: Vec<usize>,
    rights: Vec<usize>,
    edges: Vec<(usize, usize)>,
}

fn components(graph: &Graph) -> Vec<Component> {
    let mut parent: Vec<usize> = (0..graph.lefts + graph.rights).collect();
    for &(left, right) in &graph.edges {
        let (a, b) = (root(&mut parent, left), root(&mut parent, graph.lefts + right));
        parent[a.max(b)] = a.min(b);
    }
    let mut all: BTreeMap<usize, Component> = BTreeMap::new();
    for &(left, right) in &graph.edges {
        all.entry(root(&mut parent, left)).or_default().edges.push((left, right));
    }
    for component in all.values_mut() {
        component.lefts = component.edges.iter().map(|it| it.0).collect();
        component.rights = component.edges.iter().map(|it| it.1).collect();
        for side in [&mut component.lefts, &mut component.rights] {
            side.sort_unstable();
            side.dedup();
        }
    }
    all.into_values().collect()
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

impl Component {
    fn forced(&self, graph: &Graph) -> Vec<(usize, usize)> {
        let left_at = |of: usize| self.lefts.binary_search(&of).unwrap_or_default();
        let right_at = |of: usize| self.rights.binary_search(&of).unwrap_or_default();
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); self.lefts.len()];
        for &(left, right) in &self.edges {
            next[left_at(left)].push(right_at(right));
        }
        let left_free: Vec<bool> = self.lefts.iter().map(|it| graph.left_is_blocked[*it]).collect();
        let right_free: Vec<bool> = self.rights.iter().map(|it| graph.right_is_blocked[*it]).collect();
        let partner = largest(&next, &left_free, &right_free);
        let unmoved = unmoved(&next, &partner);
        let pairs = partner.iter().enumerate().filter_map(|(left, right)| Some((left, (*right)?)));
        pairs.filter(|(left, _)| unmoved[*left]).map(|(left, right)| (self.lefts[left], self.rights[right])).collect()
    }
}

/// A largest pairing: the right of each left. Which one of several does not matter.
fn largest(next: &[Vec<usize>], left_blocked: &[bool], right_blocked: &[bool]) -> Vec<Option<usize>> {
    let mut of_right: Vec<Option<usize>> = vec![None; right_blocked.len()];
    let mut of_left: Vec<Option<usize>> = vec![None; next.len()];
    for start in (0..next.len()).filter(|it| !left_blocked[*it]) {
        // A path from the free left to a free right, found breadth first; each step remembers the left it came from.
        let mut came_from: Vec<Option<usize>> = vec![None; right_blocked.len()];
        let mut queue = std::collections::VecDeque::from([start]);
        let mut end = None;
        'search: while let Some(left) = queue.pop_front() {
            for &right in next[left].iter().filter(|it| !right_blocked[**it]) {
                if came_from[right].is_some() {
                    continue;
                }
                came_from[right] = Some(left);
                match of_right[right] {
                    None => {
                        end = Some(right);
                        break 'search;
                    }
                    Some(other) => queue.push_back(other),
                }
            }
        }
        while let Some(right) = end {
            let Some(left) = came_from[right] else { break };
            of_right[right] = Some(left);
            end = of_left[left].replace(right);
        }
    }
    of_left
}

/// Whether the pair of each left stands in every largest pairing: no record that is free can push it out, and no ring of pairs
/// can be turned.
fn unmoved(next: &[Vec<usize>], partner: &[Option<usize>]) -> Vec<bool> {
    let rights = next.iter().flatten().copied().chain(partner.iter().flatten().copied()).max().map_or(0, |it| it + 1);
    let mut left_of: Vec<Option<usize>> = vec![None; rights];
    for (left, right) in partner.iter().enumerate() {
        if let Some(right) = right {
            left_of[*right] = Some(left);
        }
    }
    // From pair to pair: this left could take that pair's right.
    let takes: Vec<Vec<usize>> = next
        .iter()
        .enumerate()
        .map(|(left, all)| {
            let others = all.iter().filter(|it| partner[left] != Some(**it));
            others.filter_map(|right| left_of[*right]).collect()
        })
        .collect();
    let mut taken_by: Vec<Vec<usize>> = vec![Vec::new(); next.len()];
    for (left, all) in takes.iter().enumerate() {
        for &other in all {
            taken_by[other].push(left);
        }
    }
    let paired = |left: usize| partner[left].is_some();
    let free_lefts = (0..next.len()).filter(|it| !paired(*it));
    let beside_free_rights = (0..next.len()).filter(|left| {
        paired(*left) && next[*left].iter().any(|right| partner[*left] != Some(*right) && left_of[*right].is_none())
    });
    let pushed = reached(&takes, free_lefts);
    let drawn = reached(&taken_by, beside_free_rights);
    let ring = rings(&takes, &taken_by);
    (0..next.len())
        .map(|left| {
            let turns = ring.iter().filter(|it| **it == ring[left]).count() > 1;
            paired(left) && !pushed[left] && !drawn[left] && !turns
        })
        .collect()
}

fn reached(next: &[Vec<usize>], from: impl Iterator<Item = usize>) -> Vec<bool> {
    let mut seen = vec![false; next.len()];
    let mut stack: Vec<usize> = from.collect();
    while let Some(at) = stack.pop() {
        if !std::mem::replace(&mut seen[at], true) {
            stack.extend(next[at].iter().copied());
        }
    }
    seen
}

/// The strongly connected part each belongs to (Kosaraju): two in one part can be exchanged along a ring.
fn rings(next: &[Vec<usize>], back: &[Vec<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(next.len());
    let mut seen = vec![false; next.len()];
    for start in 0..next.len() {
        let mut stack = vec![(start, 0)];
        while let Some((at, child)) = stack.pop() {
            if child == 0 && std::mem::replace(&mut seen[at], true) {
                continue;
            }
            match next[at].get(child) {
                Some(&other) => {
                    stack.push((at, child + 1));
                    if !seen[other] {
                        stack.push((other, 0));
                    }
                }
                None => order.push(at),
            }
        }
    }
    let mut part = vec![usize::MAX; next.len()];
    for &start in order.iter().rev() {
        let mut stack = vec![start];
        while let Some(at) = stack.pop() {
            if part[at] == usize::MAX {
                part[at] = start;
                stack.extend(back[at].iter().copied().filter(|it| part[*it] == usize::MAX));
            }
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn graph(lefts: usize, rights: usize, edges: &[(usize, usize)]) -> Graph {
        let edges: BTreeSet<(usize, usize)> = edges.iter().copied().collect();
        Graph {
            lefts,
            rights,
            edges: edges.into_iter().collect(),
            left_is_blocked: vec![false; lefts],
            right_is_blocked: vec![false; rights],
        }
    }

    fn pairs(lefts: usize, rights: usize, edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
        forced(&graph(lefts, rights, edges)).pairs
    }

    #[test]
    fn what_can_be_swapped_stays_open() {
        assert_eq!(pairs(1, 1, &[(0, 0)]), [(0, 0)]);
        assert_eq!(pairs(2, 2, &[(0, 0), (0, 1), (1, 0)]), [(0, 1), (1, 0)], "M02: the second has no other choice");
        assert_eq!(pairs(2, 2, &[(0, 0), (0, 1), (1, 0), (1, 1)]), [], "M05: twins");
        assert_eq!(pairs(2, 1, &[(0, 0), (1, 0)]), [], "M10: one receipt for two payments");
        assert_eq!(pairs(1, 2, &[(0, 0), (0, 1)]), []);
        let blocked = Graph { right_is_blocked: vec![false, true], ..graph(1, 2, &[(0, 0), (0, 1)]) };
        assert_eq!(forced(&blocked).pairs, [], "the one not looked at could be the right one");
    }

    #[test]
    fn a_component_that_is_too_large_is_reported_and_left_open() {
        let edges: Vec<(usize, usize)> = (0..COMPONENT_MAX).flat_map(|it| [(it, it), (it, it + 1)]).collect();
        let found = forced(&graph(COMPONENT_MAX, COMPONENT_MAX + 1, &edges));
        assert_eq!((found.pairs.len(), found.too_large), (0, 1));
    }

    /// Every largest pairing, by trying all.
    fn every_largest(lefts: usize, edges: &[(usize, usize)]) -> Vec<BTreeSet<(usize, usize)>> {
        let mut all = vec![BTreeSet::new()];
        for left in 0..lefts {
            for one in all.clone() {
                let free = edges.iter().filter(|it| it.0 == left && !one.iter().any(|(_, right)| *right == it.1));
                all.extend(free.map(|it| one.iter().copied().chain([*it]).collect()));
            }
        }
        let most = all.iter().map(BTreeSet::len).max().unwrap_or(0);
        all.retain(|it| it.len() == most);
        all
    }

    proptest! {
        #[test]
        fn taken_is_what_every_largest_pairing_has(edges in prop::collection::btree_set((0usize..5, 0usize..5), 0..12)) {
            let edges: Vec<(usize, usize)> = edges.into_iter().collect();
            let largest = every_largest(5, &edges);
            let expected: Vec<(usize, usize)> =
                edges.iter().copied().filter(|edge| largest.iter().all(|it| it.contains(edge))).collect();
            prop_assert_eq!(pairs(5, 5, &edges), expected);
        }
    }
}
