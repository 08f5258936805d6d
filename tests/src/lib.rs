//! Helpers shared by the tests: a tiny model made from a seed, so that tests need no weights.
use candle_core::{Device, Tensor};
use std::collections::BTreeMap;
use waymark_shared::model::encoder::{frozen, trainable};
use waymark_shared::model::kernels::mix;
use waymark_shared::model::{EncoderConfig, PackFiles};

/// Evenly spread values within ±`span`.
pub fn noise(count: usize, seed: u64, span: f32) -> Vec<f32> {
    (0..count as u64).map(|i| ((mix(mix(seed) ^ mix(i + 1)) >> 40) as f32 / 16_777_216.0 - 0.5) * 2.0 * span).collect()
}

/// A configuration with all heads: 3 layers of width 64, a vocabulary of single characters.
pub fn tiny_config(pieces: usize) -> EncoderConfig {
    let json = serde_json::json!({
        "model_type": "bert", "hidden_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 128,
        "vocab_size": pieces, "max_position_embeddings": 160, "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 1,
    });
    let mut config = EncoderConfig::parse(json.to_string().as_bytes()).unwrap_or_else(|e| unreachable!("{e}"));
    config.heads = EncoderConfig::open_heads();
    config
}

/// A Unigram tokenizer over single characters of both scripts, in the form of `tokenizer.json`.
pub fn tiny_tokenizer() -> (String, usize) {
    let mut vocab: Vec<(String, f32)> = ["<s>", "<pad>", "</s>", "<unk>", "▁"].map(|s| (s.to_string(), 0.0)).to_vec();
    let letters = ('a'..='z').chain('A'..='Z').chain('0'..='9').chain(",.;:()+-/&%'，。、；：（）".chars());
    let han = "的一在负责操作设备维护焊接机器人编程数据分析不会想学熟练使用能力团队沟通检查安全生产质量管理";
    let mut seen = std::collections::BTreeSet::new();
    vocab.extend(letters.chain(han.chars()).filter(|c| seen.insert(*c)).map(|c| (c.to_string(), -4.0)));
    let count = vocab.len();
    let special: Vec<_> = vocab[..4]
        .iter()
        .enumerate()
        .map(|(id, (content, _))| serde_json::json!({"id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}))
        .collect();
    let json = serde_json::json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": special,
        "normalizer": {"type": "NFKC"},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
        "post_processor": null,
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
        "model": {"type": "Unigram", "unk_id": 3, "vocab": vocab, "byte_fallback": false},
    });
    (json.to_string(), count)
}

/// The files of a tiny model in Hugging Face's layout; `heads` says whether its heads are part of it.
pub fn tiny_model(seed: u64, heads: bool) -> PackFiles {
    let (tokenizer, pieces) = tiny_tokenizer();
    let mut config = tiny_config(pieces);
    if !heads {
        config.heads.clear();
    }
    let mut tensors: BTreeMap<String, Tensor> = BTreeMap::new();
    for (name, shape) in frozen(&config).into_iter().chain(trainable(&config).unwrap_or_else(|e| unreachable!("{e}"))) {
        let count = shape.iter().product();
        let key = name.bytes().fold(seed, |k, b| mix(k ^ u64::from(b)));
        let mut values = noise(count, key, if shape.len() == 1 { 0.1 } else { 0.3 });
        if name.ends_with("LayerNorm.weight") {
            values.iter_mut().for_each(|v| *v += 1.0);
        }
        tensors.insert(name, Tensor::from_vec(values, shape, &Device::Cpu).unwrap_or_else(|e| unreachable!("{e}")));
    }
    let weights = safetensors::serialize(&tensors, None).unwrap_or_else(|e| unreachable!("{e}"));
    PackFiles::from([
        ("config.json".to_string(), serde_json::to_vec(&config).unwrap_or_default()),
        ("tokenizer.json".to_string(), tokenizer.into_bytes()),
        ("model.safetensors".to_string(), weights),
    ])
}
