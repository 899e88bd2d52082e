//! What customers do.

pub mod customer;
pub mod profile;
mod wants;

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
    /// Look up how many like an item.
    pub read_likes: u32,
    /// Like an item.
    pub like: u32,
    /// Take a like back.
    pub unlike: u32,
    /// Look up how many of an item are left.
    pub read_stock: u32,
    /// Buy one of an item.
    pub buy: u32,
    /// Bring some of an item into stock.
    pub restock: u32,
    /// Look up the state of the own order.
    pub read_order: u32,
    /// Take the own order on: place it, or pay what is placed. Nobody orders a second time.
    pub move_order: u32,
    /// Cancel the own order before it is shipped, as far as one knows.
    pub cancel_order: u32,
    /// Look for somebody's order that is paid, and ship it (a warehouse).
    pub ship_order: u32,
    /// Look up the own profile.
    pub read_profile: u32,
    /// Move: another address in the own profile.
    pub change_address: u32,
    /// Another phone number in it.
    pub change_phone: u32,
    /// Read a document.
    pub read_document: u32,
    /// Put a word into it.
    pub insert_word: u32,
    /// Take a word out of it.
    pub delete_word: u32,
}

impl Habits {
    const NONE: Self = Self {
        read_price: 0,
        write_price: 0,
        read_cart: 0,
        add_to_cart: 0,
        remove_from_cart: 0,
        pay: 0,
        read_room: 0,
        post: 0,
        read_all: 0,
        read_likes: 0,
        like: 0,
        unlike: 0,
        read_stock: 0,
        buy: 0,
        restock: 0,
        read_order: 0,
        move_order: 0,
        cancel_order: 0,
        ship_order: 0,
        read_profile: 0,
        change_address: 0,
        change_phone: 0,
        read_document: 0,
        insert_word: 0,
        delete_word: 0,
    };
    /// What most customers do in a shop. A choice, not a measurement.
    pub const SHOPPER: Self = Self {
        read_price: 50,
        read_cart: 12,
        add_to_cart: 20,
        remove_from_cart: 8,
        pay: 10,
        ..Self::NONE
    };
    /// What a shopkeeper does. A choice, not a measurement.
    pub const SHOPKEEPER: Self = Self {
        read_price: 60,
        write_price: 40,
        ..Self::NONE
    };
    /// What somebody does who sits in a chat. A choice, not a measurement.
    pub const CHATTER: Self = Self {
        read_room: 70,
        post: 30,
        ..Self::NONE
    };
    /// What somebody does who likes things. A choice, not a measurement.
    pub const FAN: Self = Self {
        read_likes: 40,
        like: 50,
        unlike: 10,
        ..Self::NONE
    };
    /// What somebody does where things run out. A choice, not a measurement.
    pub const BUYER: Self = Self {
        read_stock: 30,
        buy: 70,
        ..Self::NONE
    };
    /// What somebody does who fills the shelves. A choice, not a measurement.
    pub const STOCKIST: Self = Self {
        read_stock: 50,
        restock: 50,
        ..Self::NONE
    };
    /// What somebody does who waits for a parcel. A choice, not a measurement.
    pub const ORDERER: Self = Self {
        read_order: 50,
        move_order: 40,
        cancel_order: 10,
        ..Self::NONE
    };
    /// What a warehouse does. A choice, not a measurement.
    pub const SHIPPER: Self = Self {
        ship_order: 100,
        ..Self::NONE
    };
    /// What somebody does who keeps a profile right. A choice, not a measurement.
    pub const RESIDENT: Self = Self {
        read_profile: 40,
        change_address: 30,
        change_phone: 30,
        ..Self::NONE
    };

    /// What somebody does who writes a text with others. A choice, not a measurement.
    pub const WRITER: Self = Self {
        read_document: 30,
        insert_word: 40,
        delete_word: 30,
        ..Self::NONE
    };

    /// The weights in a fixed order; what came later stands later.
    pub const fn weights(self) -> [u32; 25] {
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
            self.read_likes,
            self.like,
            self.unlike,
            self.read_stock,
            self.buy,
            self.restock,
            self.read_order,
            self.move_order,
            self.cancel_order,
            self.ship_order,
            self.read_profile,
            self.change_address,
            self.change_phone,
            self.read_document,
            self.insert_word,
            self.delete_word,
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
