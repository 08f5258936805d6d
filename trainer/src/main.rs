//! `waymark`: one subcommand a file under `commands`.
mod commands;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    sigpipe::reset();
    let cli = commands::Cli::parse();
    // Inside the pool, so that the thread that drives the model computes too instead of waiting for the others.
    let result = match rayon::ThreadPoolBuilder::new().num_threads(candle_core::utils::get_num_threads()).build() {
        Ok(pool) => pool.install(|| cli.run()),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("waymark: {error:#}");
            ExitCode::FAILURE
        }
    }
}
