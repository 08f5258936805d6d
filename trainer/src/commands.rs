//! The subcommands.
mod analyse;
mod eval;
mod export;
mod gap;
mod link;
mod pack;
mod simulate;
mod paths;
mod person;
mod plan;
mod report;
mod system;
mod tag;
mod train;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use waymark_shared::analyse::TagSetName;
use waymark_shared::model::NeuralTagger;

/// Waymark's training companion.
#[derive(Parser)]
#[command(name = "waymark", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fine-tune the encoder and its heads by a recipe; goes on where a checkpoint lies.
    Train(train::Args),
    /// Score a model on annotated data.
    Eval(eval::Args),
    /// Pack a trained model for the page, with calibration and card.
    Export(export::Args),
    /// Read CVs and show the skills in them.
    Analyse(analyse::Args),
    /// Find the competences that phrases may mean.
    Link(link::Args),
    /// Build the taxonomy and the market data of the pack.
    Pack(pack::Args),
    /// Run the labour-flow model: over any network, or a scenario over the pack's market.
    Simulate(simulate::Args),
    /// Hold a CV or an occupation against an occupation or job advertisements.
    Gap(gap::Args),
    /// Find steps to other occupations, or score all moves.
    Paths(paths::Args),
    /// Plan what to learn for a target, week by week.
    Plan(plan::Args),
    /// Write the plan as a page to print, in English, Chinese or both.
    Report(report::Args),
    /// Run the article's dynamic system: supply and demand, technology, skill, training.
    System(system::Args),
    /// Tag given tokens, or a sentence a line.
    Tag(tag::Args),
}

impl Cli {
    /// Runs the subcommand.
    pub fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Train(args) => args.run(),
            Command::Eval(args) => args.run(),
            Command::Export(args) => args.run(),
            Command::Analyse(args) => args.run(),
            Command::Link(args) => args.run(),
            Command::Pack(args) => args.run(),
            Command::Simulate(args) => args.run(),
            Command::Gap(args) => args.run(),
            Command::Paths(args) => args.run(),
            Command::Plan(args) => args.run(),
            Command::Report(args) => args.run(),
            Command::System(args) => args.run(),
            Command::Tag(args) => args.run(),
        }
    }
}

/// A tag set by its name on the command line.
fn tag_set(name: &str) -> Result<TagSetName, String> {
    match name {
        "open" => Ok(TagSetName::Open),
        "line" => Ok(TagSetName::Line),
        "personal" => Ok(TagSetName::Personal),
        _ => Err("there are open, line and personal".into()),
    }
}

/// A tag set whose spans are skills.
fn tag_set_of_skills(name: &str) -> Result<TagSetName, String> {
    tag_set(name).ok().filter(|set| set.kinds().next().is_some()).ok_or_else(|| "there are open and line; personal data are found with either".into())
}

/// Fails where a model cannot find a tag set.
fn expect(tagger: &NeuralTagger, set: TagSetName) -> Result<()> {
    if tagger.finds(set) {
        return Ok(());
    }
    anyhow::bail!("this model has no heads {:?}: train them, or use the shipped one", set.layers())
}

/// Prints a text and ends well; or says what of the input is at fault, and ends with status 2.
fn printed(text: Result<String>) -> ExitCode {
    match text {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("waymark: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// CPU or CUDA.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum DeviceChoice {
    /// All cores of this machine.
    Cpu,
    /// The first NVIDIA GPU; needs a build with `--features cuda`.
    Cuda,
}

impl DeviceChoice {
    /// The device.
    pub fn open(self) -> Result<candle_core::Device> {
        match self {
            Self::Cpu => Ok(candle_core::Device::Cpu),
            Self::Cuda if cfg!(feature = "cuda") => Ok(candle_core::Device::new_cuda(0)?),
            Self::Cuda => anyhow::bail!("this waymark was built without CUDA; build with --features cuda, or use --device cpu"),
        }
    }
}
