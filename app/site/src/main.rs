//! The command line of the site: `cargo site build`, `cargo site serve`, `cargo site test`.
use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use waymark_site::build::{self, Site};
use waymark_site::check::{self, CheckOptions};
use waymark_site::compile::Profile;
use waymark_site::server::Server;

/// Builds, serves and tests the Waymark site.
#[derive(Parser)]
#[command(name = "cargo site", bin_name = "cargo site")]
struct Cli {
    #[command(subcommand)]
    command: SiteCommand,
}

#[derive(Subcommand)]
enum SiteCommand {
    /// Builds the site into a plain folder that any static host can serve, from any path.
    Build {
        /// Compiles faster, to larger files.
        #[arg(long)]
        dev: bool,
        /// The folder; a former site in it is replaced.
        #[arg(long, default_value = "dist")]
        out: PathBuf,
    },
    /// Builds the site and serves it on this machine.
    Serve {
        /// Compiles faster, to larger files.
        #[arg(long)]
        dev: bool,
        /// The port; 0 takes any free one.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// The path it is served under.
        #[arg(long, default_value = "/")]
        path: String,
    },
    /// Installs what the tests need, builds the site and runs all tests, in real browsers too.
    Test {
        /// Runs the full counts instead of a tenth.
        #[arg(long)]
        long: bool,
        /// Does not look for missing programs.
        #[arg(long)]
        skip_install: bool,
    },
}

fn main() -> Result<ExitCode> {
    match Cli::parse().command {
        SiteCommand::Build { dev, out } => {
            built(dev, &out)?;
        }
        SiteCommand::Serve { dev, port, path } => {
            let site = built(dev, Path::new("dist"))?;
            let server = Server::start(&site.folder, &path, port)?;
            println!("Waymark is served at {} (end with Ctrl+C)", server.url());
            server.wait();
        }
        SiteCommand::Test { long, skip_install } => return check::check(CheckOptions { long, skip_install }),
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the site and says its sizes.
fn built(dev: bool, out: &Path) -> Result<Site> {
    let profile = if dev { Profile::WebDev } else { Profile::Web };
    let site = build::build(profile, &waymark_site::workspace_root().join(out))?;
    build::report_sizes(&site, profile);
    Ok(site)
}
