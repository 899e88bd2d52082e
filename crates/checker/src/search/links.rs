//! Whether every value tells its maker, and the chains if so.

use std::collections::BTreeMap;

use super::chains::{Chains, Link};
use crate::history::{Action, History, Id, Operation};
use crate::models::{Kv, LOST, Model, State};

/// The chains of reads, writes and compare-and-sets; none where a value has two makers,
/// or a refusal is among the operations.
pub(super) fn of_register(history: &History, operations: &[Operation]) -> Option<Chains> {
    let mut chains = Chains {
        links: Vec::new(),
        initial: None,
        reads: Vec::new(),
        unseen: Vec::new(),
    };
    let mut links: BTreeMap<Id, u32> = BTreeMap::new();
    let mut link = |chains: &mut Chains, id: Id| {
        *links.entry(id).or_insert_with(|| {
            chains.links.push(Link { on: None, by: None });
            chains.links.len() as u32 - 1
        })
    };
    chains.initial = Some(link(&mut chains, history.initial));
    for (at, operation) in operations.iter().enumerate() {
        let at = at as u32;
        let (made, on) = match operation.action {
            Action::Read(id) => {
                let read = link(&mut chains, id);
                chains.reads.push((read, at));
                continue;
            }
            Action::Write(id) => (link(&mut chains, id), None),
            Action::Cas(old, new) => {
                let on = link(&mut chains, old);
                (link(&mut chains, new), Some(on))
            }
            _ => return None,
        };
        let known = &mut chains.links[made as usize];
        if known.by.is_some() || chains.initial == Some(made) || on == Some(made) {
            return None;
        }
        *known = Link { on, by: Some(at) };
    }
    Some(chains)
}

/// The chains of gets, puts and appends; none where a text that was read could have been
/// made in two ways.
pub(super) fn of_kv(model: &Kv, operations: &[Operation]) -> Option<Chains> {
    let mut puts: BTreeMap<State, u32> = BTreeMap::new();
    let mut appends: BTreeMap<Id, u32> = BTreeMap::new();
    let mut chains = Chains {
        links: Vec::new(),
        initial: None,
        reads: Vec::new(),
        unseen: Vec::new(),
    };
    // A value nobody made, under which texts that cannot be made are read.
    let mut read = Vec::new();
    for (at, operation) in operations.iter().enumerate() {
        let at = at as u32;
        match operation.action {
            Action::Read(id) => read.push((model.place_of(id), at)),
            Action::Write(id) => {
                let place = model.place_of(id);
                if place == LOST {
                    chains.unseen.push(at);
                } else if place == model.initial() || puts.insert(place, at).is_some() {
                    return None;
                }
            }
            Action::Append(id) => {
                if appends.insert(id, at).is_some() {
                    return None;
                }
            }
            _ => return None,
        }
    }
    let mut links: BTreeMap<State, u32> = BTreeMap::new();
    let mut open = Vec::new();
    let roots = puts.iter().map(|(&place, &by)| (place, Some(by)));
    let initial = (model.initial() != LOST).then_some((model.initial(), None));
    for (place, by) in roots.chain(initial) {
        if by.is_none() {
            chains.initial = Some(chains.links.len() as u32);
        }
        links.insert(place, chains.links.len() as u32);
        open.push(place);
        chains.links.push(Link { on: None, by });
    }
    let mut used = vec![false; operations.len()];
    while let Some(place) = open.pop() {
        let on = Some(links[&place]);
        for &(id, to) in model.edges(place).iter() {
            let by = appends.get(&id).copied()?;
            if std::mem::replace(&mut used[by as usize], true) {
                return None;
            }
            let link = chains.links.len() as u32;
            if links.insert(to, link).is_some() {
                return None;
            }
            chains.links.push(Link { on, by: Some(by) });
            open.push(to);
        }
    }
    for (place, at) in read {
        let link = *links.entry(place).or_insert_with(|| {
            chains.links.push(Link { on: None, by: None });
            chains.links.len() as u32 - 1
        });
        chains.reads.push((link, at));
    }
    let unused = appends.values().filter(|&&by| !used[by as usize]);
    chains.unseen.extend(unused);
    Some(prune(chains, operations))
}

/// Takes out the links at the ends of branches that nobody read: an append that could
/// have led towards a text that was read, and did not.
fn prune(mut chains: Chains, operations: &[Operation]) -> Chains {
    let mut needed = vec![false; chains.links.len()];
    for &(link, _) in &chains.reads {
        let mut at = Some(link);
        while let Some(link) = at.filter(|&link| !needed[link as usize]) {
            needed[link as usize] = true;
            at = chains.links[link as usize].on;
        }
    }
    for (at, link) in chains.links.iter_mut().enumerate() {
        let append = |by: u32| matches!(operations[by as usize].action, Action::Append(_));
        if let Some(by) = link.by.filter(|&by| !needed[at] && append(by)) {
            chains.unseen.push(by);
            *link = Link { on: None, by: None };
        }
    }
    chains
}
