//! Ids and arguments to sentences, by language.
