//! The judge of `tieout match`: it makes labelled data, scores anyone's answer, and holds the stopwatch. It knows nothing of
//! the engine, and nothing of the product links it.
//!
//! Reading order: `noise` (what goes wrong, how often), `world` (the data), `score` (the verdict), `measure` (the clock).

pub mod calendar;
pub mod dice;
pub mod measure;
pub mod noise;
pub mod people;
pub mod references;
pub mod score;
pub mod world;
