//! Proofs by exhaustion: the very rules of the conversation machine and of the gate, with everything around them that can
//! go wrong, in every order in which it can. For `make test` in bounds, for `make prove` deeper. No part of the binary.

pub mod audit;
pub mod hand_over;
