//! Addresses: `?` carries settings, `#` the place.
//!
//! `#/`, `#/lessons`, `#/judge`, `#/truth`, `#/laws`, `#/laws/TYPE`, `#/laws/rule=…`,
//! `#/lesson/ID`, `#/lesson/ID/STEP` with steps from 1, and `#s=v1.…` for a run. There are no paths: the folder works from anywhere.

use crate::session::Place;

/// Characters of an address after `#` at most. A link to a run has at most 8 kB of
/// data; anything much longer is not ours.
pub const MAX_HASH: u32 = 100_000;

/// Characters of what is asked of the law lab at most: a merge rule has 200, of which each
/// may take twelve.
const MAX_LAWS: usize = 2_500;

/// What an address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// A place of the page.
    Place(Place),
    /// A run: its format's version, and the data.
    Run {
        /// The version, such as `v1`.
        version: String,
        /// Base64 of deflated bytes.
        data: String,
    },
    /// Nothing that is known here.
    Unknown(String),
}

/// What the address after `#` asks for, the sign itself left out or not.
pub fn parse(hash: &str) -> Route {
    let hash = hash.strip_prefix('#').unwrap_or(hash);
    if hash.len() as u64 > u64::from(MAX_HASH) {
        return Route::Unknown(hash.chars().take(40).collect());
    }
    if let Some(run) = hash.strip_prefix("s=") {
        let (version, data) = run.split_once('.').unwrap_or((run, ""));
        return Route::Run {
            version: version.to_owned(),
            data: data.to_owned(),
        };
    }
    let parts: Vec<&str> = hash.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => Route::Place(Place::Playground),
        ["lessons"] => Route::Place(Place::Lessons),
        ["judge"] => Route::Place(Place::Judge),
        ["truth"] => Route::Place(Place::Truth),
        ["laws"] => Route::Place(Place::Laws(String::new())),
        ["laws", of] if of.len() <= MAX_LAWS => Route::Place(Place::Laws((*of).to_owned())),
        ["lesson", id, rest @ ..] if is_id(id) && rest.len() <= 1 => {
            let step = rest.first().map_or(Ok(1), |step| step.parse::<u8>());
            match step {
                Ok(step @ 1..) => Route::Place(Place::Lesson {
                    id: (*id).to_owned(),
                    step: step - 1,
                }),
                _ => unknown(hash),
            }
        }
        _ => unknown(hash),
    }
}

fn unknown(hash: &str) -> Route {
    Route::Unknown(hash.chars().take(80).collect())
}

/// Whether it has the form of a lesson's id.
pub fn is_id(id: &str) -> bool {
    let is_part = |part: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        !part.is_empty() && part.chars().all(plain)
    };
    id.len() <= 64 && id.split('-').all(is_part)
}

/// The address of a place, with its `#`.
pub fn address(place: &Place) -> String {
    match place {
        Place::Playground => "#/".into(),
        Place::Lessons => "#/lessons".into(),
        Place::Judge => "#/judge".into(),
        Place::Truth => "#/truth".into(),
        Place::Laws(of) if of.is_empty() => "#/laws".into(),
        Place::Laws(of) => format!("#/laws/{of}"),
        Place::Lesson { id, step } => format!("#/lesson/{id}/{}", step + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson(id: &str, step: u8) -> Route {
        Route::Place(Place::Lesson {
            id: id.into(),
            step,
        })
    }

    #[test]
    fn every_place_has_an_address_that_leads_to_it() {
        for place in [
            Place::Playground,
            Place::Lessons,
            Place::Judge,
            Place::Truth,
            Place::Laws(String::new()),
            Place::Laws("g_set".into()),
            Place::Laws("rule=price:%20minimum".into()),
            Place::Lesson {
                id: "charged-twice".into(),
                step: 2,
            },
        ] {
            assert_eq!(parse(&address(&place)), Route::Place(place));
        }
        assert_eq!(parse(""), Route::Place(Place::Playground));
        assert_eq!(parse("#/lesson/charged-twice"), lesson("charged-twice", 0));
    }

    #[test]
    fn a_link_to_a_run_keeps_its_version_and_its_data() {
        let run = |version: &str, data: &str| Route::Run {
            version: version.into(),
            data: data.into(),
        };
        assert_eq!(parse("#s=v1.Zm9v"), run("v1", "Zm9v"));
        assert_eq!(parse("#s=v7"), run("v7", ""));
    }

    #[test]
    fn what_is_not_an_address_is_named_and_shortened() {
        for hash in [
            "#/nowhere",
            "#/lesson/",
            "#/lesson/..%2F",
            "#/lesson/x/0",
            "#/lesson/x/300",
            "#/lesson/x/1/2",
            "#/lesson/-x",
            "#/laws/g_set/1",
            &format!("#/laws/rule={}", "x".repeat(MAX_LAWS)),
        ] {
            assert!(matches!(parse(hash), Route::Unknown(_)), "{hash}");
        }
        assert_eq!(parse(&"x".repeat(200_000)), Route::Unknown("x".repeat(40)));
    }
}
