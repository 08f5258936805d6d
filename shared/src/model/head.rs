//! A tag set that ships beside the open one: `head.<name>.json` next to `head.<name>.safetensors` in the model's folder.
//! The encoder and the other heads know nothing of it, so it can be added, replaced or left out.
use super::config::HeadConfig;
use super::tagger::{Calibration, SpanProbability};
use super::{EncoderConfig, ModelError, PackFiles};
use crate::pack::sha256;
use crate::span::TagSetName;
use crate::tag::TagSet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `head.<name>.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeadFile {
    /// The head.
    pub head: HeadConfig,
    /// Version of the encoder that it was trained on.
    pub encoder_version: String,
    /// SHA-256 of that encoder's weights, in hexadecimal.
    pub encoder_sha256: String,
    /// SHA-256 of the file of the head whose additions it was trained on, where it shares any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_sha256: Option<String>,
    /// Language (`en`, `zh`) → what is added to the logit of O before decoding.
    #[serde(default)]
    pub outside_bias: BTreeMap<String, f32>,
    /// Language (`en`, `zh`) → the raw score under which a span is not reported.
    #[serde(default)]
    pub floor: BTreeMap<String, f32>,
    /// Language (`en`, `zh`) → from the raw score of a span to the probability that it is right.
    #[serde(default)]
    pub confidence: BTreeMap<String, SpanProbability>,
}

impl HeadFile {
    /// Name of the file of a head.
    pub fn name(head: &str) -> String {
        format!("head.{head}.json")
    }

    /// Adds every head file of a folder to the configuration and to what was fitted.
    ///
    /// # Errors
    /// [`ModelError::Malformed`] for a file that does not parse, was trained on another encoder or other additions, or has unknown tags.
    pub fn join(files: &PackFiles, config: &mut EncoderConfig, calibration: &mut Calibration) -> Result<(), ModelError> {
        for (name, json) in files.iter().filter(|(name, _)| name.starts_with("head.") && name.ends_with(".json")) {
            let bad = |detail: String| ModelError::Malformed { file: name.clone(), detail };
            let file: Self = serde_json::from_slice(json).map_err(|e| bad(e.to_string()))?;
            if config.encoder_version.as_deref() != Some(file.encoder_version.as_str()) {
                return Err(bad(format!("made for encoder {:?}, this one is {:?}", file.encoder_version, config.encoder_version)));
            }
            if config.head(&file.head.name).is_some() {
                return Err(bad(format!("there is a head {:?} already", file.head.name)));
            }
            if let Some(class) = TagSet::new(&file.head.labels).classes().into_iter().find(|class| TagSetName::of_tag(&class.to_lowercase()).is_none()) {
                return Err(bad(format!("{class:?} is no kind of a span")));
            }
            if let Some(of) = &file.head.shares {
                if config.head(of).is_none_or(|head| head.adapter.is_none()) {
                    return Err(bad(format!("it shares the additions of {of:?}, which has none")));
                }
                let read = files.get(&format!("head.{of}.safetensors")).map(|bytes| sha256(bytes));
                if read.is_none() || read != file.shared_sha256 {
                    return Err(bad(format!("it was taught on other additions than those of {of:?} here: teach it anew")));
                }
            }
            calibration.outside_bias.insert(file.head.name.clone(), file.outside_bias);
            calibration.floor.insert(file.head.name.clone(), file.floor);
            calibration.confidence.insert(file.head.name.clone(), file.confidence);
            config.heads.push(file.head);
        }
        Ok(())
    }
}
