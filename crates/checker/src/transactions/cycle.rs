//! Cycles in session order, read-from, and what reads force besides: whether there
//! is one, and a short one.

use super::operation::{OperationId, TransactionId};
use super::order::{Backwards, Hop, HopKind, NONE, Order};

/// A read forces the order of two transactions that write its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Forced {
    /// Must be before `to`: in the past of the read.
    pub(super) from: TransactionId,
    /// What the read saw.
    pub(super) to: TransactionId,
    pub(super) read: OperationId,
}

/// Searches for a short cycle begin at this many transactions at most, and stop
/// when they have looked at so many transactions and edges together. A longer
/// cycle than need be makes the shrinking of a witness slower, not wrong.
const STARTS: usize = 64;
const SEARCH_STEPS: usize = 4_000_000;

/// A short cycle, if there is any.
pub(super) fn find_cycle(order: &Order<'_>, forced: &[Forced]) -> Option<Vec<Hop>> {
    let count = order.history.transaction_count() as usize;
    let forced = ByEnd::new(count, forced);
    let component = components(order, &forced, count);
    let is_inside = |it: &&Forced| {
        let (from, to) = (component[it.from.0 as usize], component[it.to.0 as usize]);
        from != NONE && from == to
    };
    let mut starts: Vec<u32> = forced
        .edges
        .iter()
        .filter(is_inside)
        .map(|it| it.to.0)
        .collect();
    starts.dedup();
    if starts.is_empty() {
        starts = (0..count as u32)
            .filter(|it| component[*it as usize] != NONE)
            .collect();
    }
    let step = starts.len().div_ceil(STARTS).max(1);
    let mut search = Backwards::new(count);
    let mut steps = 0;
    let mut best: Option<Vec<Hop>> = None;
    for start in starts.into_iter().step_by(step) {
        let start = TransactionId(start);
        let hops = round(order, &forced, &component, &mut search, start, &mut steps);
        if best.as_ref().is_none_or(|it| hops.len() < it.len()) {
            best = Some(hops);
        }
        steps += count;
        if steps > SEARCH_STEPS {
            break;
        }
    }
    best
}

/// The shortest way from a transaction back to itself within its component.
fn round(
    order: &Order<'_>,
    forced: &ByEnd<'_>,
    component: &[u32],
    search: &mut Backwards,
    start: TransactionId,
    steps: &mut usize,
) -> Vec<Hop> {
    let own = component[start.0 as usize];
    search.start(start);
    while let Some(at) = search.next(order) {
        if component[at.0 as usize] != own {
            continue;
        }
        for read in order.reads(at) {
            *steps += 1;
            if let Some(write) = read.source {
                let before = order.history.transaction_of(write);
                search.reach(before, at, HopKind::ReadFrom(read.operation));
            }
        }
        for it in forced.ending_at(at) {
            *steps += 1;
            search.reach(it.from, at, HopKind::Forced(it.read));
        }
        if search.is_reached(start) {
            break;
        }
    }
    search.way(start, start)
}

/// Forced edges by their later ends.
struct ByEnd<'f> {
    edges: &'f [Forced],
    /// Where the edges of each transaction begin in `order`, and the end.
    begins: Vec<u32>,
    order: Vec<u32>,
}

impl<'f> ByEnd<'f> {
    fn new(count: usize, edges: &'f [Forced]) -> Self {
        let mut begins = vec![0_u32; count + 1];
        for edge in edges {
            begins[edge.to.0 as usize + 1] += 1;
        }
        for at in 0..count {
            begins[at + 1] += begins[at];
        }
        let mut next = begins.clone();
        let mut order = vec![0_u32; edges.len()];
        for (index, edge) in edges.iter().enumerate() {
            let place = &mut next[edge.to.0 as usize];
            order[*place as usize] = index as u32;
            *place += 1;
        }
        Self {
            edges,
            begins,
            order,
        }
    }

    fn ending_at(&self, to: TransactionId) -> impl Iterator<Item = &'f Forced> {
        let (begin, end) = (self.begins[to.0 as usize], self.begins[to.0 as usize + 1]);
        let edges = self.edges;
        let order = &self.order[begin as usize..end as usize];
        order.iter().map(move |index| &edges[*index as usize])
    }
}

/// The strongly connected component of every transaction, [`NONE`] for those on
/// no cycle (Tarjan 1972, without recursion).
fn components(order: &Order<'_>, forced: &ByEnd<'_>, count: usize) -> Vec<u32> {
    let before = Predecessors::new(order, forced, count);
    let mut component = vec![NONE; count];
    let mut number = vec![NONE; count];
    let mut low = vec![0_u32; count];
    let mut is_open = vec![false; count];
    let mut next_edge = vec![0_u32; count];
    let mut open: Vec<u32> = Vec::new();
    let mut path: Vec<u32> = Vec::new();
    let (mut numbers, mut found) = (0, 0);
    for root in 0..count as u32 {
        if number[root as usize] != NONE {
            continue;
        }
        path.push(root);
        while let Some(&at) = path.last() {
            let here = at as usize;
            if number[here] == NONE {
                number[here] = numbers;
                low[here] = numbers;
                numbers += 1;
                is_open[here] = true;
                open.push(at);
                next_edge[here] = before.begins[here];
            }
            if next_edge[here] < before.begins[here + 1] {
                let to = before.list[next_edge[here] as usize] as usize;
                next_edge[here] += 1;
                if number[to] == NONE {
                    path.push(to as u32);
                } else if is_open[to] {
                    low[here] = low[here].min(number[to]);
                }
                continue;
            }
            path.pop();
            if let Some(&parent) = path.last() {
                low[parent as usize] = low[parent as usize].min(low[here]);
            }
            if low[here] != number[here] {
                continue;
            }
            let is_single = open.last() == Some(&at);
            while let Some(member) = open.pop() {
                is_open[member as usize] = false;
                if !is_single {
                    component[member as usize] = found;
                }
                if member == at {
                    break;
                }
            }
            found += 1;
        }
    }
    component
}

/// Everything directly before each transaction that takes part.
struct Predecessors {
    begins: Vec<u32>,
    list: Vec<u32>,
}

impl Predecessors {
    fn new(order: &Order<'_>, forced: &ByEnd<'_>, count: usize) -> Self {
        let mut begins = Vec::with_capacity(count + 1);
        let mut list = Vec::new();
        for it in order.history.transactions() {
            begins.push(list.len() as u32);
            if !order.history.takes_part(it) {
                continue;
            }
            list.extend(order.session_before(it).map(|it| it.0));
            let sources = order.reads(it).filter_map(|read| read.source);
            list.extend(sources.map(|write| order.history.transaction_of(write).0));
            list.extend(forced.ending_at(it).map(|edge| edge.from.0));
        }
        begins.push(list.len() as u32);
        Self { begins, list }
    }
}
