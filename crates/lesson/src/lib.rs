//! The lesson format, its goals and its runner.
