//! Searching a growing list whose end is what is mostly asked about.

/// As [`slice::partition_point`], in the time of a search among the entries from
/// that point to the end: how long the list has grown does not matter.
pub(super) fn partition_near_end<T>(list: &[T], is_before: impl Fn(&T) -> bool) -> usize {
    let (mut end, mut step) = (list.len(), 1);
    while end > 0 {
        let begin = end.saturating_sub(step);
        if is_before(&list[begin]) {
            return begin + 1 + list[begin + 1..end].partition_point(is_before);
        }
        end = begin;
        step *= 2;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_what_the_standard_search_finds() {
        for len in 0..40 {
            let list: Vec<u32> = (0..len).collect();
            for bound in 0..=len {
                assert_eq!(partition_near_end(&list, |it| *it < bound), bound as usize);
            }
        }
    }
}
