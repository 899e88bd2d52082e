//! A small table: something of each session, in the order of the sessions.

/// What is kept of each session that has something.
#[derive(Debug, Clone)]
pub(super) struct BySession<T> {
    entries: Vec<(u32, T)>,
}

impl<T> Default for BySession<T> {
    fn default() -> Self {
        let entries = Vec::new();
        Self { entries }
    }
}

impl<T: Default> BySession<T> {
    pub(super) fn get(&self, session: u32) -> Option<&T> {
        let at = self
            .entries
            .binary_search_by_key(&session, |it| it.0)
            .ok()?;
        Some(&self.entries[at].1)
    }

    pub(super) fn get_or_default(&mut self, session: u32) -> &mut T {
        let at = match self.entries.binary_search_by_key(&session, |it| it.0) {
            Ok(at) => at,
            Err(at) => {
                self.entries.insert(at, (session, T::default()));
                at
            }
        };
        &mut self.entries[at].1
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.entries.iter().map(|(session, it)| (*session, it))
    }
}

/// The entry of a key; the table grows to it.
pub(super) fn of_key<T: Default>(keys: &mut Vec<T>, key: u32) -> &mut T {
    let at = key as usize;
    if keys.len() <= at {
        keys.resize_with(at + 1, T::default);
    }
    &mut keys[at]
}
