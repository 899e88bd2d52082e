//! What kinds of facts, operations, outcomes and messages there are, each by its number.
//!
//! The numbers stand in digests and links: append only.

macro_rules! numbered {
    ($(#[$outer:meta])* $name:ident: $($(#[$inner:meta])* $variant:ident = $number:literal,)+) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$inner])* $variant = $number,)+ }

        impl $name {
            /// Every one of them, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The one with this number.
            pub const fn from_number(number: u8) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)+ _ => None }
            }

            /// Its name, stable: catalogues of words use it as an id.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)+ }
            }
        }
    };
}

numbered! {
    /// What kind of thing happened. The comment of each names the host it
    /// happened at, the peer, and the subjects `a`, `b`, `c` with the flag.
    FactKind:
    /// A learner's (or a script's) command took effect. `a`: its place in the run.
    CommandGiven = 1,
    /// Customer. `a`: key, `b`: argument, `c`: place among the customer's own
    /// operations; flag: [`OpKind`].
    OperationStarted = 2,
    /// Customer, peer region. `a`: operation, `b`: attempt from 1.
    AttemptStarted = 3,
    /// Customer, peer region. `a`: operation, `b`: attempt.
    AttemptTimedOut = 4,
    /// Customer, peer the region that answered. `a`: operation, `b`: value
    /// returned, `c`: status; flag: [`Outcome`].
    OperationReturned = 5,
    /// Region, peer customer. `a`: operation, `b`: key, `c`: value.
    ReadServed = 6,
    /// Region, peer customer: a write of the customer's became durable here
    /// first. `a`: operation, `b`: key, `c`: value; flag: [`OpKind`]. Other facts name the
    /// write by the id of this one.
    WriteAccepted = 7,
    /// Region, peer the origin: a write became durable here, at its origin too.
    /// `a`: write, `b`: key; flag: 1 if it is reflected in the value, 0 if a rule discarded it.
    WriteApplied = 8,
    /// Region. `a`: the write that lost, `b`: the write that won, `c`: key.
    ValueOverwritten = 9,
    /// Region. `a`: key, `b`: the value it shows now, `c`: the value before.
    ValueShown = 10,
    /// Sender, peer receiver. `a`: microseconds under way, `b`: what it is
    /// about (an operation, a write, a job, a lease, or nothing), `c`: attempt or size in
    /// bytes; flag: [`Label`] and [`Fate`], see [`Fact::message`](super::Fact::message).
    MessageSent = 11,
    /// Receiver, peer sender: the receiver was down. `a`: the message.
    MessageDropped = 12,
    /// Gateway, peer region. `a`: operation (the intent), `b`: amount.
    ChargeMade = 13,
    /// Region or gateway, peer who asked: a repetition was recognised. `a`: operation,
    /// `b`: the fact that answered it first.
    DuplicateSuppressed = 14,
    /// Region, peer customer. `a`: operation, `b`: amount: a key is marked in flight.
    KeyMarkedInFlight = 15,
    /// Region. `a`: operation, `b`: status: the result is stored under the key.
    ResultStored = 16,
    /// Region, peer customer. `a`: operation, `b`: status.
    RequestRejected = 17,
    /// Region: it stopped. `a`: its incarnation until now.
    RegionCrashed = 18,
    /// Region: it came back. `a`: its incarnation from now.
    RegionRestarted = 19,
    /// Region: a write that was not yet durable is gone. `a`: operation, `b`: key.
    UnflushedLost = 20,
    /// Region. `a`: new offset in µs, low half, `b`: high half, `c`: drift in ppm.
    ClockStepped = 21,
    /// Region, peer region: messages from the one to the other are cut off.
    LinkCut = 22,
    /// Region, peer region: they pass again.
    LinkHealed = 23,
    /// Region, peer customer or itself for any: its next reply will be lost.
    ReplyDropArmed = 24,
    /// Region, peer region. `a`: loss in ppm, `b`: extra delay in µs, `c`: duplication in ppm.
    LinkDegraded = 25,
    /// Region, peer another: each told the other what it has. `a`: updates it
    /// lacked, `b`: updates it could give.
    ReplicasCompared = 26,
    /// Region, peer the home region: a request was passed on. `a`: operation.
    RequestForwarded = 27,
    /// Region: a write that was in its log was taken out of it, because another
    /// log is the right one. `a`: write, `b`: key.
    WriteRolledBack = 28,
    /// Region: which regions are to hold a key from now on. `a`: key, `b`: their
    /// mask, a bit a place.
    KeyPlaced = 29,
    /// Region, peer customer: the version that a read is answered with, where it need
    /// not be the one held here; [`FactKind::ReadServed`] follows. `a`: operation, `b`: the
    /// write, or nothing, `c`: key.
    VersionChosen = 30,
    /// Region, peer the one that answered: one more of the answers that a quorum needs.
    /// `a`: operation, `b`: answers so far, `c`: answers needed; flag: [`OpKind`].
    QuorumAnswered = 31,
    /// Region, peer customer: the answers needed did not come in time. `a`: operation, `b`:
    /// answers so far, `c`: answers needed; flag: [`OpKind`].
    QuorumMissed = 32,
    /// Region, peer the one it is meant for: an update is kept for a region that does not
    /// answer. `a`: write, `b`: key.
    HintStored = 33,
    /// Region, peer the one it was meant for, which has it now. `a`: write, `b`: key.
    HintDelivered = 34,
    /// Region: it is the writer, or the leader, from now on. `a`: epoch or term, `b`: service;
    /// flag: [`Fact::OF_A_TERM`](super::Fact::OF_A_TERM) of a leader.
    RegionPromoted = 35,
    /// Region, peer the one that writes in that epoch: it is the writer no more. `a`: the
    /// later epoch, or its own if nobody is known to follow, `b`: service, `c`: its own; flag:
    /// [`Fact::OF_A_TERM`](super::Fact::OF_A_TERM) of a leader, and
    /// [`Fact::HANDED_OVER`](super::Fact::HANDED_OVER) if it was asked to.
    SteppedDown = 36,
    /// Region, peer the candidate. `a`: epoch or term, `b`: service; flag:
    /// [`Fact::OF_A_TERM`](super::Fact::OF_A_TERM) of a term.
    VoteGiven = 37,
    /// Region, peer who sent it: a message of an older epoch was refused. `a`: its epoch,
    /// `b`: the epoch here, `c`: service; flag:
    /// [`Fact::OF_A_TERM`](super::Fact::OF_A_TERM) if they are terms.
    EpochRefused = 38,
    /// Region: it stopped where it was, and keeps everything.
    RegionPaused = 39,
    /// Region: it goes on. `a`: messages, timers and log writes that waited.
    RegionResumed = 40,
    /// Region. `a`: how much longer each step of its work takes, in µs; 0 for as fast as ever.
    RegionSlowed = 41,
    /// Outside system: a scheduled time of a job has come. `a`: which time, `b`: service.
    JobDue = 42,
    /// Region. `a`: which time of the job it begins, `b`: service, `c`: the token it holds,
    /// or 0.
    JobStarted = 43,
    /// Outside system, peer the region that ran it: it has the report. `a`: which time of
    /// the job, `b`: service, `c`: the token it came with, or 0.
    JobRan = 44,
    /// Where leases are given, peer the new holder. `a`: token, `b`: service, `c`: the fact
    /// that the one before had run out, if it had; flag: 1 if it is the same one for longer.
    LeaseGranted = 45,
    /// Where leases are given, peer the holder: it has run out. `a`: token, `b`: service.
    LeaseExpired = 46,
    /// Outside system, peer sender: a token lower than one it has seen was refused. `a`:
    /// which time of the job it came with, or 0 from who takes over, `b`: the token, `c`:
    /// the highest seen.
    StaleTokenRefused = 48,
    /// Region, peer customer: her reads go to the writer for a while, since it committed a
    /// write of hers. `a`: operation.
    FlagSet = 49,
    /// Region, peer customer: that is over, as a read of hers finds. `a`: operation.
    FlagExpired = 50,
    /// Region, peer customer: a read waits until this region has what she has seen.
    /// `a`: operation, `b`: entries of the log that she has seen, `c`: entries here.
    ReadHeld = 51,
    /// Region, peer customer: it has not, and will not have, what she has seen, and refuses
    /// her. `a`: operation, `b`: the epoch of what she has seen, `c`: the epoch here.
    HistoryLost = 52,
    /// Region, peer the author: a message of a customer's became durable here first. `a`:
    /// operation, `b`: key (the room), `c`: what it says. Other facts name the message by
    /// the id of this one.
    MessagePosted = 57,
    /// Region, peer the one whose message is missing: a message waits here until all that
    /// was shown where it was sent is shown here. `a`: message, `b`: key, `c`: the number
    /// of the missing one among its region's; it may not be the only one.
    MessageBuffered = 58,
    /// Region, peer the origin: a message is shown from now on, at its origin too. `a`:
    /// message, `b`: key, `c`: its number among its origin's; flag: 1 if it had waited.
    MessageDelivered = 59,
    /// Region, peer the new home: it is the home of a key no more, and sends it. `a`: key,
    /// `b`: the epoch from now on, `c`: the write that goes along, or nothing.
    HomeReleased = 53,
    /// Region, peer the home before: it is the home of a key from now on. `a`: key, `b`:
    /// epoch, `c`: the write that came along, or nothing.
    HomeTaken = 54,
    /// Region, peer the one that it believes to be the home: it does not become the home
    /// of a key. `a`: key, `b`: the epoch that it knows; flag: [`MoveRefusal`].
    HomeMoveRefused = 55,
    /// Region, peer the last home that answered, or one that did not in time: a read of
    /// every key of a service is whole, or is given up. `a`: operation, `b`: answers so far,
    /// `c`: answers needed.
    ShardsRead = 56,
    /// Where locks are kept, peer the new holder. `a`: token, `b`: key, `c`: the fact that
    /// freed it (released or run out) while this holder waited, if it had to.
    LockGranted = 63,
    /// Where locks are kept, peer who asked: another holds the lock, so it waits. `a`:
    /// operation, `b`: key, `c`: the token given last.
    LockWaited = 64,
    /// Where locks are kept, peer the holder, who gave it back. `a`: token, `b`: key.
    LockReleased = 65,
    /// Where locks are kept, peer the holder, who did not: it has run out. `a`: token,
    /// `b`: key.
    LockExpired = 66,
    /// Region, peer the one that wrote: a write under a lock is refused, since a later
    /// holder has written. `a`: write, `b`: its token, `c`: the token of what is here.
    StaleLockRefused = 67,
    /// Region, peer the origin: an update was delivered that is here already, or on its way
    /// into the log. `a`: write, `b`: key.
    DuplicateDropped = 68,
    /// Region that writes, peer the one that wrote before it: a write of that one's which
    /// stood in no log but its own is in the log again. `a`: write, `b`: key.
    WriteReclaimed = 69,
    /// Region that wrote before, peer the one that writes: a write of its own is not taken
    /// again, and somebody has to look at it. `a`: write, `b`: key, `c`: the write that was
    /// made to the same in the meantime.
    WriteSetAside = 70,
    /// Region, peer whom it asked: how far its clock is off. `a`: how far the other is ahead, in
    /// microseconds with a sign, `b`: the round trip, `c`: 1 if it sets its clock by it.
    ClockMeasured = 71,
    /// Region, peer customer: which versions she had read, by the context that came with a
    /// write; one such fact a version. `a`: write, `b`: the version's write, or nothing if
    /// there was none, `c`: key; flag: 1 if a context came.
    ContextGiven = 72,
    /// Region, peer the origin: an update stays side by side with a version held here, since
    /// neither replaces the other. `a`: write, `b`: the write of the version, `c`: key; flag:
    /// how many there are, 255 for more.
    SiblingKept = 73,
    /// Region, peer the origin of the second: it asks which of two values is meant. `a`: the
    /// one write, `b`: the other, `c`: key.
    QuestionAsked = 74,
    /// Region: a question of its own is settled. `a`: the write that settled it, `b`: key,
    /// `c`: the question.
    QuestionAnswered = 75,
    /// Region, peer the origin of the second: it would ask, and has asked as often as it may.
    /// `a`: the one write, `b`: the other, `c`: key.
    QuestionNotAsked = 76,
    /// Region, peer the one it asks: it has no rights of its own to sell what a customer
    /// wants. `a`: operation, `b`: key, `c`: units.
    RightsAsked = 77,
    /// Region, peer the one that asked: it gave up rights to sell, for good. `a`: key, `b`:
    /// units.
    RightsGiven = 78,
    /// Region: it shows fewer than none in stock from now on. `a`: key, `b`: the value.
    StockOversold = 79,
    /// Region, peer the origin: a word stands in a text from now on. `a`: write, `b`: key,
    /// `c`: the write of the word after which it stands, or nothing at the beginning.
    WordInserted = 80,
    /// Region, peer the origin: a word is gone from a text for good. `a`: the write that
    /// deleted it, `b`: key, `c`: the write that had brought it.
    WordDeleted = 81,
    /// Region, peer the first region that is not known to have the removal, or itself: it
    /// forgot a removal. `a`: the removal's write, `b`: key, `c`: mask of the regions that
    /// are not known to have it, a bit a place.
    TombstoneDropped = 84,
    /// Region, peer the origin of the addition: an item is in again whose removal was known
    /// here and forgotten. `a`: the addition's write, `b`: key, `c`: the fact that forgot it.
    RemovedReturned = 85,
    /// Region: how many removals it remembers of a key. `a`: key, `b`: how many from now on,
    /// `c`: how many before.
    TombstonesHeld = 86,
    /// Region that leads, peer the origin: a majority has a write, which is committed when
    /// its stamp has certainly passed. `a`: write, `b`: how long that is, in microseconds,
    /// `c`: how wrong its clock may be, in microseconds.
    CommitHeld = 91,
}

numbered! {
    /// Why the home of a key does not move.
    MoveRefusal:
    /// The region that was to be the home does not run.
    Down = 1,
    /// The home did not answer.
    NoAnswer = 2,
    /// It is the home already, or about to be.
    AtHome = 3,
    /// Keys of this service have no home that could move.
    NoHomes = 4,
}

numbered! {
    /// What a customer wants.
    OpKind:
    /// Read a value or a set.
    Read = 1,
    /// Replace a value.
    Write = 2,
    /// Put an item into a set.
    Add = 3,
    /// Take an item out of a set.
    Remove = 4,
    /// Pay an amount.
    Pay = 5,
    /// Read every key of a service, wherever each has its home; told how much they hold:
    /// items in all carts, prices that were set.
    ReadAll = 8,
    /// Settle which value a key has, where several stand side by side: replaces them all.
    Resolve = 9,
    /// Replace one field of a record; the argument says which, see
    /// [`Field`](crate::records::Field).
    WriteField = 10,
    /// Count one up.
    Like = 12,
    /// Count one down again.
    Unlike = 13,
    /// Buy units of an item.
    Buy = 14,
    /// Bring units of an item into stock.
    Restock = 15,
    /// Put a word into a line; the argument says which and where, see
    /// [`Edit`](crate::documents::Edit).
    InsertWord = 16,
    /// Take the word at a place out of a line.
    DeleteWord = 17,
}

numbered! {
    /// How an operation ended for the customer.
    Outcome:
    /// Told that it took effect.
    Ok = 1,
    /// Told that it did not.
    Failed = 2,
    /// Nobody answered in time: it may take effect at any time.
    Unknown = 3,
}

numbered! {
    /// What a message is, for whoever draws it.
    Label:
    /// A customer's request.
    Request = 1,
    /// A region's reply to a customer.
    Reply = 2,
    /// One update, pushed to a peer.
    Replicate = 3,
    /// What a replica has, for comparison.
    Digest = 4,
    /// Updates a peer lacked.
    Repair = 5,
    /// A charge, to the payment gateway.
    Charge = 6,
    /// The gateway's answer.
    ChargeResult = 7,
    /// A request passed on to another region.
    Forward = 8,
    /// The answer to it.
    ForwardResult = 9,
    /// One update, from a coordinator to a replica that is to confirm it.
    QuorumWrite = 10,
    /// The replica's confirmation.
    QuorumWriteAck = 11,
    /// A coordinator asks a replica for its version.
    QuorumRead = 12,
    /// The replica's version.
    QuorumReadReply = 13,
    /// An update that was kept for the receiver while it did not answer.
    Hint = 14,
    /// A follower says how far its log is the writer's, or that it is not.
    LogAck = 15,
    /// A candidate asks for a vote.
    AskForVote = 16,
    /// The vote.
    Vote = 17,
    /// A region asks for a lease or for more of it.
    LeaseAsk = 18,
    /// The lease.
    LeaseAnswer = 19,
    /// The report of a job, or the question which was the last, to the outside system.
    JobReport = 20,
    /// What the outside system answers.
    JobResult = 21,
    /// A key with its value, to its new home.
    HomeTransfer = 25,
    /// Who is, or wants to be, the home of a key, or that it arrived.
    HomeNotice = 26,
    /// A region gives a lock back, or waits for it no more.
    LockRelease = 23,
    /// A region confirms a delivery of another one's queue.
    DeliveryAck = 24,
    /// What time is it?
    TimeAsk = 29,
    /// What whoever was asked says.
    TimeAnswer = 30,
    /// A message of a room, to another region.
    Broadcast = 27,
    /// A region asks for rights to sell, or is told how many it gets.
    RightsAsk = 31,
    /// Whoever misses a leader asks whether it would be voted for, before it is a candidate.
    AskForPreVote = 22,
    /// That it would.
    PreVote = 0,
}

numbered! {
    /// What became of a message when it was sent.
    Fate:
    /// It arrives.
    Arrives = 0,
    /// The link was cut.
    Cut = 1,
    /// The network lost it by chance.
    Lost = 2,
    /// A learner asked for its loss.
    Dropped = 3,
    /// It arrives twice.
    Duplicated = 4,
}

impl Fate {
    /// Whether it arrives at least once.
    pub fn arrives(self) -> bool {
        matches!(self, Self::Arrives | Self::Duplicated)
    }
}
