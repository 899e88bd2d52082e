//! What customers do.

pub mod customer;

/// How often a customer does what: weights, of any sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    /// Look up a price.
    pub read_price: u32,
    /// Set a price (a shopkeeper).
    pub write_price: u32,
    /// Look into the cart.
    pub read_cart: u32,
    /// Put an item into the cart.
    pub add_to_cart: u32,
    /// Take an item out of the cart.
    pub remove_from_cart: u32,
    /// Pay.
    pub pay: u32,
    /// Read the room.
    pub read_room: u32,
    /// Say something there: answer what was asked last, or ask.
    pub post: u32,
    /// Ask about every cart, or every price, if each has a home.
    pub read_all: u32,
}

impl Habits {
    /// What most customers do in a shop. A choice, not a measurement.
    pub const SHOPPER: Self = Self {
        read_price: 50,
        write_price: 0,
        read_cart: 12,
        add_to_cart: 20,
        remove_from_cart: 8,
        pay: 10,
        read_room: 0,
        post: 0,
        read_all: 0,
    };
    /// What a shopkeeper does. A choice, not a measurement.
    pub const SHOPKEEPER: Self = Self {
        read_price: 60,
        write_price: 40,
        read_cart: 0,
        add_to_cart: 0,
        remove_from_cart: 0,
        pay: 0,
        read_room: 0,
        post: 0,
        read_all: 0,
    };
    /// What somebody does who sits in a chat. A choice, not a measurement.
    pub const CHATTER: Self = Self {
        read_price: 0,
        write_price: 0,
        read_cart: 0,
        add_to_cart: 0,
        remove_from_cart: 0,
        pay: 0,
        read_room: 70,
        post: 30,
        read_all: 0,
    };

    /// The weights in a fixed order; what came later stands later.
    pub const fn weights(self) -> [u32; 9] {
        [
            self.read_price,
            self.write_price,
            self.read_cart,
            self.add_to_cart,
            self.remove_from_cart,
            self.pay,
            self.read_room,
            self.post,
            self.read_all,
        ]
    }
}

/// How a customer's app treats a request that is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How long it waits for an answer, in microseconds.
    pub timeout_us: u64,
    /// Attempts in all, at least 1.
    pub attempts: u8,
    /// Before the second attempt it waits up to this long, before the third up to
    /// twice as long, and so on ("full jitter"; Brooker, "Exponential backoff and
    /// jitter", 2015), in microseconds.
    pub backoff_us: u64,
    /// Where the next attempt goes.
    pub next: NextAttempt,
}

/// Where the next attempt goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextAttempt {
    /// To the same region.
    SameRegion,
    /// To the region that routing ranks next.
    NextRegion,
}
