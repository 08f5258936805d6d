//! Lines that tell what runs now and how long it took. Not a logger.
use std::time::Instant;

/// A step of a long job: a line when it starts, a line with its seconds when it is done.
pub struct Step {
    name: String,
    started: Instant,
}

impl Step {
    /// Starts a step and says so.
    pub fn start(name: impl Into<String>) -> Self {
        let name = name.into();
        println!("• {name} …");
        Self { name, started: Instant::now() }
    }

    /// Ends the step and says how long it took.
    pub fn done(self, result: impl AsRef<str>) {
        let seconds = self.started.elapsed().as_secs_f64();
        let result = result.as_ref();
        let between = if result.is_empty() { "" } else { ": " };
        println!("✓ {}{between}{result} ({seconds:.1} s)", self.name);
    }
}
