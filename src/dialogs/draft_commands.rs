//! The commands that come of what was filled into a tool's form, and what each field
//! may hold.

use splitbrain_engine::chat::Text;
use splitbrain_engine::documents::{Edit, Word};
use splitbrain_engine::run::{Command, Direction};
use splitbrain_engine::scenario::ServiceKind;
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};

use super::draft::{Draft, cut_links};
use crate::session::Session;

/// Euros that somebody can pay or ask for at most: keeps figures readable.
pub(crate) const MOST_EUROS: u32 = 100_000;
/// Milliseconds that a clock can be off at most: a day.
pub(crate) const MOST_OFFSET_MS: f64 = 86_400_000.0;
/// How much faster or slower a clock can run, in parts per million: a tenth.
pub(crate) const MOST_DRIFT_PPM: i32 = 100_000;
/// Milliseconds that a link, or a region, can be slower: a minute.
pub(crate) const MOST_EXTRA_MS: f64 = 60_000.0;

/// A field that does not hold what it should, and what it may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wrong {
    /// Which field.
    pub field: &'static str,
    /// The least it may hold.
    pub least: f64,
    /// The most.
    pub most: f64,
}

/// Units that come into stock at once.
const BOX: u32 = 5;

impl Draft {
    /// The commands that a tool makes of it.
    pub(crate) fn commands(&self, session: &Session, tool: &str) -> Result<Vec<Command>, Wrong> {
        let scenario = &session.design;
        let act = |kind, service, index, argument| {
            let key = Key::new(scenario.service(service).unwrap_or(0), index);
            let action = Action {
                kind,
                key,
                argument: Value(argument),
                payment_key: if kind == OpKind::Pay {
                    self.key
                } else {
                    PaymentKey::Fresh
                },
                via: self.via,
            };
            Command::Act {
                customer: self.customer,
                action,
            }
        };
        let account = scenario
            .customers
            .get(self.customer as usize)
            .map_or(0, |it| it.account);
        let (from, to, direction) = (self.from, self.to, self.direction);
        let written = if self.settles {
            OpKind::Resolve
        } else {
            OpKind::Write
        };
        let command = match tool {
            "write" => {
                // Nothing is a price like any other where things have one from the beginning.
                let least = u32::from(scenario.list_price == 0);
                let euros = self.euros(least)?;
                act(written, ServiceKind::Prices, self.item, euros)
            }
            "add" => act(OpKind::Add, ServiceKind::Carts, account, self.item),
            "like" => act(OpKind::Like, ServiceKind::Likes, self.item, 1),
            "unlike" => act(OpKind::Unlike, ServiceKind::Likes, self.item, 1),
            "buy" => act(OpKind::Buy, ServiceKind::Stock, self.item, 1),
            "restock" => act(OpKind::Restock, ServiceKind::Stock, self.item, BOX),
            "order" => {
                let owner = self.owner.unwrap_or(account);
                act(written, ServiceKind::Orders, owner, self.stage as u32)
            }
            "profile" => {
                let owner = self.owner.unwrap_or(account);
                let number = number("number", &self.number, 1.0, f64::from(u16::MAX))?;
                let argument = self.field.argument(number as u32).0;
                act(OpKind::WriteField, ServiceKind::Profiles, owner, argument)
            }
            "read" if self.record.is_some() => {
                let (kind, owner) = self.record.unwrap_or((ServiceKind::Orders, account));
                act(OpKind::Read, kind, owner, 0)
            }
            "insert" | "delete" => {
                let document = self.document.unwrap_or(0);
                let edit = Edit {
                    at: self.place,
                    word: Word::new(self.word),
                };
                let (kind, argument) = if tool == "insert" {
                    (OpKind::InsertWord, edit.argument().0)
                } else {
                    (OpKind::DeleteWord, self.place)
                };
                act(kind, ServiceKind::Documents, document, argument)
            }
            "read" if self.document.is_some() => {
                let document = self.document.unwrap_or(0);
                act(OpKind::Read, ServiceKind::Documents, document, 0)
            }
            "read" if self.count.is_some() => {
                let service = self.count.unwrap_or(ServiceKind::Stock);
                act(OpKind::Read, service, self.item, 0)
            }
            "remove" => act(OpKind::Remove, ServiceKind::Carts, account, self.item),
            "read" if self.whole.is_some() => {
                let service = self.whole.unwrap_or(ServiceKind::Carts);
                act(OpKind::ReadAll, service, 0, 0)
            }
            "post" => {
                let question = Text::question(self.item);
                let text = if self.answers {
                    question.answer()
                } else {
                    question
                };
                let (room, text) = (self.room.unwrap_or(0), text.argument().0);
                act(OpKind::Write, ServiceKind::Chat, room, text)
            }
            "read" if self.room.is_some() => {
                act(OpKind::Read, ServiceKind::Chat, self.room.unwrap_or(0), 0)
            }
            "read" if self.cart => act(OpKind::Read, ServiceKind::Carts, account, 0),
            "read" => act(OpKind::Read, ServiceKind::Prices, self.item, 0),
            "pay" => act(OpKind::Pay, ServiceKind::Payments, account, self.euros(1)?),
            "drop_reply" => Command::DropNextReply {
                region: self.region,
                customer: self.only,
            },
            "cut" => Command::CutLink {
                from,
                to,
                direction,
            },
            "heal" if self.all => {
                let heal = |(from, to)| Command::HealLink {
                    from,
                    to,
                    direction: Direction::Both,
                };
                return Ok(cut_links(session).into_iter().map(heal).collect());
            }
            "heal" => Command::HealLink {
                from,
                to,
                direction,
            },
            "crash" => Command::CrashRegion {
                region: self.region,
            },
            "restart" => Command::RestartRegion {
                region: self.region,
            },
            "promote" => Command::PromoteRegion {
                region: self.region,
            },
            "move" => {
                let (service, index) = if self.cart {
                    (ServiceKind::Carts, account)
                } else {
                    (ServiceKind::Prices, self.item)
                };
                Command::MoveHome {
                    key: Key::new(scenario.service(service).unwrap_or(0), index),
                    region: self.region,
                }
            }
            "pause" => Command::PauseRegion {
                region: self.region,
            },
            "resume" => Command::ResumeRegion {
                region: self.region,
            },
            "slow" => Command::SlowRegion {
                region: self.region,
                extra_us: self.extra_us()?,
            },
            "clock" => Command::StepClock {
                region: self.region,
                offset_us: (number(
                    "offset_ms",
                    &self.offset_ms,
                    -MOST_OFFSET_MS,
                    MOST_OFFSET_MS,
                )? * 1e3) as i64,
                drift_ppm: number(
                    "drift_ppm",
                    &self.drift_ppm,
                    f64::from(-MOST_DRIFT_PPM),
                    f64::from(MOST_DRIFT_PPM),
                )? as i32,
            },
            "degrade" => Command::DegradeLink {
                from,
                to,
                loss_ppm: share("loss", &self.loss)?,
                duplicate_ppm: share("copies", &self.copies)?,
                reorder_ppm: share("held", &self.held)?,
                extra_us: self.extra_us()?,
            },
            _ => return Ok(Vec::new()),
        };
        Ok(vec![command])
    }

    fn extra_us(&self) -> Result<u32, Wrong> {
        let extra_ms = number("extra_ms", &self.extra_ms, 0.0, MOST_EXTRA_MS)?;
        Ok((extra_ms * 1e3) as u32)
    }

    fn euros(&self, least: u32) -> Result<u32, Wrong> {
        let (least, most) = (f64::from(least), f64::from(MOST_EUROS));
        number("amount", &self.amount, least, most).map(|euros| euros as u32)
    }
}

/// A number as somebody types it, with a point or a comma.
fn number(field: &'static str, typed: &str, least: f64, most: f64) -> Result<f64, Wrong> {
    let plain = typed.trim().replace(',', ".").replace('\u{2212}', "-");
    match decimal(&plain) {
        Some(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(Wrong { field, least, most }),
    }
}

/// A number of digits with at most one point among them. Reading whatever a `f64`
/// may look like takes a table of 10 kB.
fn decimal(plain: &str) -> Option<f64> {
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, plain),
    };
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let all = [whole, rest].concat();
    if all.len() > 15 || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = all.parse::<u64>().ok()? as f64;
    Some(sign * number / 10_u64.pow(rest.len() as u32) as f64)
}

/// A share in per cent, as parts per million.
fn share(field: &'static str, typed: &str) -> Result<u32, Wrong> {
    number(field, typed, 0.0, 100.0).map(|percent| (percent * 10_000.0).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(tool: &str) -> (Session, Draft) {
        let session = Session::new(1);
        let draft = Draft::new(&session, tool);
        (session, draft)
    }

    #[test]
    fn every_tool_gives_commands_that_fit_with_its_defaults() {
        for tool in crate::stage::tools::ALL {
            let (mut session, _) = draft(tool.id);
            if let Some(kind) = tool
                .service
                .filter(|&kind| session.design.service(kind).is_none())
            {
                let mut scenario = (*session.design).clone();
                scenario.services[0].kind = kind;
                session.design = scenario.into();
            }
            let draft = Draft::new(&session, tool.id);
            let commands = draft
                .commands(&session, tool.id)
                .expect("defaults are right");
            assert!(!commands.is_empty(), "{}", tool.id);
            for command in commands {
                assert!(command.fits(&session.design), "{}", tool.id);
            }
        }
    }

    #[test]
    fn a_number_out_of_range_names_its_field() {
        let (session, mut draft) = draft("clock");
        draft.offset_ms = "\u{2212}2500,5".into();
        let commands = draft
            .commands(&session, "clock")
            .expect("minus two and a half");
        assert!(matches!(
            commands[0],
            Command::StepClock {
                offset_us: -2_500_500,
                ..
            }
        ));
        draft.drift_ppm = "fast".into();
        let wrong = draft.commands(&session, "clock").expect_err("not a number");
        assert_eq!(wrong.field, "drift_ppm");
    }
}
