//! Models of a quorum store's delays, as files.
//!
//! ```toml
//! replicas = 3
//! read = 1
//! write = 1
//! trials = 100000
//!
//! [legs]                # in milliseconds
//! w = [{ share = 0.38, pareto = { scale = 1.05, shape = 1.51 } },
//!      { share = 0.62, exponential = { rate = 0.183 } }]
//! a = [{ share = 1, exponential = { rate = 1.66 } }]
//! r = [{ share = 1, exponential = { rate = 1.66 } }]
//! s = [{ share = 1, exponential = { rate = 1.66 } }]
//! ```

use std::fmt;

use splitbrain_engine::measure::staleness::{Legs, MAX_REPLICAS, MAX_TRIALS, Model};
use splitbrain_engine::sim::delay::{Mixture, Shape};
use toml::{Table, Value};

/// Bytes of a model file at most.
pub(super) const MAX_BYTES: u64 = 64 * 1024;
/// Parts of a mixture at most.
const MAX_PARTS: usize = 16;

/// One thing that is wrong with a model: the field, and what is allowed there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    field: String,
    found: String,
    allowed: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.field, self.found, self.allowed)
    }
}

/// Collects everything that is wrong.
#[derive(Debug, Default)]
struct Reader {
    wrong: Vec<Wrong>,
}

impl Reader {
    fn wrong(&mut self, field: &str, found: Option<&Value>, allowed: &str) {
        let found = found.map_or_else(|| "nothing".to_owned(), ToString::to_string);
        self.wrong.push(Wrong {
            field: field.to_owned(),
            found: found.chars().take(60).collect(),
            allowed: allowed.to_owned(),
        });
    }

    fn only(&mut self, at: &str, table: &Table, known: &[&str]) {
        for (name, value) in table {
            if !known.contains(&name.as_str()) {
                self.wrong(&format!("{at}{name}"), Some(value), &known.join(", "));
            }
        }
    }

    fn count(&mut self, table: &Table, field: &str, most: u32) -> u32 {
        let found = table.get(field);
        let count = found.and_then(Value::as_integer);
        let count = count.and_then(|count| u32::try_from(count).ok());
        count
            .filter(|count| (1..=most).contains(count))
            .unwrap_or_else(|| {
                self.wrong(field, found, &format!("1 to {most}"));
                1
            })
    }

    /// A number above `least` and up to `most`.
    fn number(&mut self, table: &Table, at: &str, field: &str, least: f64, most: f64) -> f64 {
        let found = table.get(field);
        let number = found.and_then(|found| {
            found
                .as_float()
                .or_else(|| found.as_integer().map(|whole| whole as f64))
        });
        number
            .filter(|&number| number > least && number <= most)
            .unwrap_or_else(|| {
                let allowed = format!("{least} < … ≤ {most}");
                self.wrong(&format!("{at}.{field}"), found, &allowed);
                most
            })
    }

    fn shape(&mut self, part: &Table, at: &str) -> Option<Shape> {
        match (part.get("pareto"), part.get("exponential")) {
            (Some(Value::Table(pareto)), None) => {
                let at = format!("{at}.pareto");
                self.only(&format!("{at}."), pareto, &["scale", "shape"]);
                Some(Shape::Pareto {
                    scale_us: 1e3 * self.number(pareto, &at, "scale", 0.0, 3.6e6),
                    shape: self.number(pareto, &at, "shape", 0.0, 1e3),
                })
            }
            (None, Some(Value::Table(exponential))) => {
                let at = format!("{at}.exponential");
                self.only(&format!("{at}."), exponential, &["rate"]);
                Some(Shape::Exponential {
                    mean_us: 1e3 / self.number(exponential, &at, "rate", 2.7e-7, 1e6),
                })
            }
            (found, other) => {
                let allowed = "pareto = { scale, shape } | exponential = { rate }";
                self.wrong(at, found.or(other), allowed);
                None
            }
        }
    }

    fn mixture(&mut self, legs: &Table, leg: &str) -> Mixture {
        let at = format!("legs.{leg}");
        let allowed = format!("[{{ share, pareto | exponential }}, …], 1 to {MAX_PARTS}");
        let Some(Value::Array(list)) = legs.get(leg) else {
            self.wrong(&at, legs.get(leg), &allowed);
            return Mixture::default();
        };
        if list.is_empty() || list.len() > MAX_PARTS {
            self.wrong(&at, legs.get(leg), &allowed);
        }
        let (mut parts, mut sum) = (Vec::new(), 0.0);
        for (place, part) in list.iter().enumerate().take(MAX_PARTS) {
            let at = format!("{at}[{place}]");
            let Value::Table(part) = part else {
                self.wrong(&at, Some(part), "{ share, pareto | exponential }");
                continue;
            };
            self.only(&format!("{at}."), part, &["share", "pareto", "exponential"]);
            let share = self.number(part, &at, "share", 0.0, 1.0);
            sum += share;
            let shape = self.shape(part, &at);
            parts.extend(shape.map(|shape| ((share * 1e6).round() as u32, shape)));
        }
        if (sum - 1.0).abs() > 1e-6 {
            let found = Value::Float(sum);
            self.wrong(&format!("{at}[…].share"), Some(&found), "1 in all");
        }
        Mixture::new(parts)
    }
}

/// Reads a model.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn read(text: &str) -> Result<Model, Vec<Wrong>> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| {
            1 + text[..span.start.min(text.len())].matches('\n').count()
        });
        vec![Wrong {
            field: format!("line {line}"),
            found: error.message().to_owned(),
            allowed: "TOML".to_owned(),
        }]
    })?;
    let mut reader = Reader::default();
    reader.only("", &table, &["replicas", "read", "write", "trials", "legs"]);
    let replicas = reader.count(&table, "replicas", u32::from(MAX_REPLICAS));
    let read = reader.count(&table, "read", replicas);
    let write = reader.count(&table, "write", replicas);
    let trials = reader.count(&table, "trials", MAX_TRIALS);
    let legs = match table.get("legs") {
        Some(Value::Table(legs)) => {
            reader.only("legs.", legs, &["w", "a", "r", "s"]);
            Legs {
                w: reader.mixture(legs, "w"),
                a: reader.mixture(legs, "a"),
                r: reader.mixture(legs, "r"),
                s: reader.mixture(legs, "s"),
            }
        }
        other => {
            reader.wrong("legs", other, "w, a, r, s");
            Legs::default()
        }
    };
    if !reader.wrong.is_empty() {
        return Err(reader.wrong);
    }
    Ok(Model {
        replicas: replicas as u8,
        read: read as u8,
        write: write as u8,
        trials,
        legs,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "replicas = 3\nread = 1\nwrite = 2\ntrials = 1000\n[legs]\n\
        w = [{ share = 0.38, pareto = { scale = 1.05, shape = 1.51 } }, \
             { share = 0.62, exponential = { rate = 0.183 } }]\n\
        a = [{ share = 1, exponential = { rate = 2 } }]\n\
        r = [{ share = 1, exponential = { rate = 2 } }]\n\
        s = [{ share = 1, exponential = { rate = 2 } }]\n";

    #[test]
    fn a_model_is_read() {
        let model = read(GOOD).expect("it is good");
        assert_eq!((model.replicas, model.read, model.write), (3, 1, 2));
        let half = Shape::Exponential { mean_us: 500.0 };
        assert_eq!(model.legs.s, Mixture::new(vec![(1_000_000, half)]));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once_with_its_field() {
        let bad = GOOD
            .replace("write = 2", "write = 4")
            .replace("trials = 1000", "trials = -1\ncolour = 'red'")
            .replace("shape = 1.51", "shape = 0")
            .replace("share = 0.62", "share = 0.5")
            .replace("rate = 0.183", "rate = 'fast'");
        let wrong = read(&bad).expect_err("it is bad");
        let fields: Vec<&str> = wrong.iter().map(|it| it.field.as_str()).collect();
        let expected = [
            "colour",
            "write",
            "trials",
            "legs.w[0].pareto.shape",
            "legs.w[1].exponential.rate",
            "legs.w[…].share",
        ];
        assert_eq!(fields, expected);
        assert!(wrong[1].to_string().contains("1 to 3"));
        let syntax = read("replicas = 3\nread = = 1").expect_err("it is no TOML");
        assert_eq!(syntax[0].field, "line 2");
    }
}
