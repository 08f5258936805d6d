//! The model against its twins: candle-transformers, composed against fused kernels, packed against expanded weights;
//! gradients; the loss against the article's equations.
use candle_core::{DType, Device, Tensor, Var};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use std::collections::HashMap;
use waymark_shared::model::encoder::{Batch, Encoder, trainable};
use waymark_shared::model::kernels::{AttentionShape, Dropout, Kernels, composed, fused};
use waymark_shared::model::quant::Weights;
use waymark_shared::model::tagger::UnitLogits;
use waymark_shared::model::{AdapterConfig, Calibration, EncoderConfig, HeadConfig, HeadFile, HeadKind, NeuralTagger, PackFiles, Pass};
use waymark_shared::pack::sha256;
use waymark_shared::span::TagSetName;
use waymark_tests::{noise, tiny_model};
use waymark_trainer::export;
use waymark_trainer::train::cross_entropy;

fn config(files: &PackFiles) -> EncoderConfig {
    EncoderConfig::parse(&files["config.json"]).unwrap()
}

fn encoder(files: &PackFiles) -> Encoder {
    Encoder::load(config(files), &Weights::open(files).unwrap(), &Device::Cpu).unwrap()
}

fn batch() -> Batch {
    let rows: Vec<Vec<u32>> = [5usize, 12, 1, 30].iter().map(|&n| (0..n as u32).map(|i| 5 + (i * 7 + n as u32) % 60).collect()).collect();
    Batch::pad(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>(), 1)
}

fn pass(kernels: Kernels, share: f32) -> Pass {
    Pass { kernels, drop: Dropout { share, key: 11 }, attention_drop: Dropout { share, key: 12 } }
}

/// Largest difference over the tokens before padding.
fn difference(a: &Tensor, b: &Tensor, batch: &Batch) -> f32 {
    let (a, b) = (a.to_vec2::<f32>().unwrap(), b.to_vec2::<f32>().unwrap());
    let kept = (0..batch.lengths.len()).flat_map(|r| (0..batch.lengths[r]).map(move |i| r * batch.seq + i));
    kept.flat_map(|i| a[i].iter().zip(&b[i]).map(|(a, b)| (a - b).abs()).collect::<Vec<_>>()).fold(0.0, f32::max)
}

#[test]
fn hidden_states_and_vectors_equal_those_of_candle_transformers() {
    let files = tiny_model(1, false);
    let ours = encoder(&files);
    let batch = batch();
    let mut theirs_config: serde_json::Value = serde_json::from_slice(&files["config.json"]).unwrap();
    theirs_config["initializer_range"] = 0.02.into();
    let theirs_config: Config = serde_json::from_value(theirs_config).unwrap();
    let tensors = candle_core::safetensors::load_buffer(&files["model.safetensors"], &Device::Cpu).unwrap();
    let theirs = BertModel::load(VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu), &theirs_config).unwrap();
    let shape = (batch.lengths.len(), batch.seq);
    let ids = Tensor::from_slice(&batch.ids, shape, &Device::Cpu).unwrap();
    let mask: Vec<u32> = batch.lengths.iter().flat_map(|&n| (0..batch.seq).map(move |j| u32::from(j < n))).collect();
    let mask = Tensor::from_vec(mask, shape, &Device::Cpu).unwrap();
    let theirs = theirs.forward(&ids, &ids.zeros_like().unwrap(), Some(&mask)).unwrap().reshape((shape.0 * shape.1, 64)).unwrap();
    for kernels in [Kernels::Composed, Kernels::Fused] {
        let hidden = ours.hidden(&batch, pass(kernels, 0.0)).unwrap();
        let apart = difference(&hidden, &theirs, &batch);
        assert!(apart < 1e-5, "{kernels:?}: hidden states differ by {apart}");
        let vectors = |h: &Tensor| ours.pooled(&batch, h).unwrap().to_vec2::<f32>().unwrap().concat();
        let apart = vectors(&hidden).iter().zip(vectors(&theirs)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < 1e-5, "{kernels:?}: vectors differ by {apart}");
    }
}

#[test]
fn fused_kernels_equal_composed_ones_with_dropout_forwards_and_backwards() {
    let device = Device::Cpu;
    let var = |shape: &[usize], seed| Var::from_vec(noise(shape.iter().product(), seed, 1.5), shape, &device).unwrap();
    let drop = Dropout { share: 0.3, key: 99 };
    let shape = AttentionShape { lengths: vec![7, 3, 9], seq: 9, heads: 2, head_size: 12 };
    type Op = Box<dyn Fn(&[Var], Kernels) -> Tensor>;
    let cases: Vec<(&str, Vec<Var>, Op)> = vec![
        ("linear", vec![var(&[40, 24], 1), var(&[16, 24], 2), var(&[16], 3)], Box::new(|v, k| if k == Kernels::Fused { fused::linear(&v[0], &v[1], &v[2]) } else { composed::linear(&v[0], &v[1], &v[2]) }.unwrap())),
        ("gelu", vec![var(&[40, 24], 4)], Box::new(|v, k| if k == Kernels::Fused { fused::gelu(&v[0]) } else { composed::gelu(&v[0]) }.unwrap())),
        ("dropout_add", vec![var(&[40, 24], 5), var(&[40, 24], 6)], Box::new(move |v, k| if k == Kernels::Fused { fused::dropout_add(&v[0], &v[1], drop) } else { composed::dropout_add(&v[0], &v[1], drop) }.unwrap())),
        ("layer_norm", vec![var(&[40, 24], 7), var(&[24], 8), var(&[24], 9)], Box::new(|v, k| if k == Kernels::Fused { fused::layer_norm(&v[0], &v[1], &v[2], 1e-5) } else { composed::layer_norm(&v[0], &v[1], &v[2], 1e-5) }.unwrap())),
        ("attention", vec![var(&[27, 24], 10), var(&[27, 24], 11), var(&[27, 24], 12)], Box::new(move |v, k| if k == Kernels::Fused { fused::attention(&v[0], &v[1], &v[2], &shape, drop) } else { composed::attention(&v[0], &v[1], &v[2], &shape, drop) }.unwrap())),
    ];
    for (name, vars, op) in cases {
        // Rows beyond a length hold no meaning: only rows 0..7, 9..12 and 18..27 of the attention count.
        let rows: Vec<u32> = if name == "attention" { (0..7).chain(9..12).chain(18..27).collect() } else { (0..40).collect() };
        let run = |kernels: Kernels| {
            let y = op(&vars, kernels).index_select(&Tensor::new(rows.as_slice(), &device).unwrap(), 0).unwrap();
            let weights = Tensor::from_vec(noise(y.elem_count(), 77, 1.0), y.shape(), &device).unwrap();
            let store = y.mul(&weights).unwrap().sum_all().unwrap().backward().unwrap();
            let mut out = vec![y.flatten_all().unwrap().to_vec1::<f32>().unwrap()];
            out.extend(vars.iter().map(|v| store.get(v.as_tensor()).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap()));
            out
        };
        for (part, (a, b)) in run(Kernels::Fused).iter().zip(run(Kernels::Composed)).enumerate() {
            let apart = a.iter().zip(&b).map(|(a, b)| (a - b).abs() / (1.0 + b.abs())).fold(0.0, f32::max);
            assert!(apart < 2e-5, "{name}, part {part} (0 = values, then gradients): {apart}");
        }
    }
}

#[test]
fn every_trainable_variable_has_a_gradient_in_both_kernels() {
    let files = tiny_model(2, true);
    let weights = Weights::open(&files).unwrap();
    for kernels in [Kernels::Composed, Kernels::Fused] {
        let mut vars = Vec::new();
        let encoder = Encoder::build(config(&files), &weights, &Device::Cpu, |name, shape| {
            let var = Var::from_vec(weights.dense(name, shape)?, shape, &Device::Cpu)?;
            vars.push((name.to_string(), var.clone()));
            Ok(var.as_tensor().clone())
        })
        .unwrap();
        let batch = batch();
        let pass = pass(kernels, 0.1);
        let hidden = encoder.hidden(&batch, pass).unwrap();
        // The tokens before padding, as the trainer gathers them.
        let rows: Vec<u32> = (0..batch.lengths.len()).flat_map(|r| (0..batch.lengths[r]).map(move |i| (r * 30 + i) as u32)).collect();
        let hidden = hidden.index_select(&Tensor::new(rows.as_slice(), &Device::Cpu).unwrap(), 0).unwrap();
        let mut loss = Tensor::new(0f32, &Device::Cpu).unwrap();
        for head in &encoder.config.heads {
            let logits = encoder.head(&head.name, &hidden, pass).unwrap();
            let labels: Vec<u32> = (0..rows.len() as u32).map(|i| i % head.labels.len() as u32).collect();
            loss = (loss + cross_entropy(&logits, &labels).unwrap()).unwrap();
        }
        let store = loss.backward().unwrap();
        assert_eq!(vars.len(), trainable(&encoder.config).unwrap().len());
        for (name, var) in &vars {
            // The bias of the keys shifts all scores of a query alike: its gradient is nought by construction.
            if name.ends_with("attention.self.key.bias") {
                continue;
            }
            let gradient = store.get(var.as_tensor()).unwrap_or_else(|| panic!("{kernels:?}: {name} has no gradient"));
            let size = gradient.abs().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap();
            assert!(size.is_finite() && size > 1e-6, "{kernels:?}: {name} has gradient {size}");
        }
    }
}

#[test]
fn the_loss_and_its_gradient_are_those_of_the_equations() {
    // (E6) with two classes: ŷ = σ(z₁ − z₀), ℓ = −[y ln ŷ + (1 − y) ln(1 − ŷ)]; (E7) its mean;
    // (E8) ∂ℓ/∂θ = −(y/ŷ − (1 − y)/(1 − ŷ)) · ∂ŷ/∂θ, with ∂ŷ/∂z₁ = ŷ(1 − ŷ).
    let z = Var::from_vec(vec![0.3f32, -1.2, 0.0, 2.5, -0.7, 0.4], (3, 2), &Device::Cpu).unwrap();
    let y = [1u32, 0, 1];
    let loss = cross_entropy(z.as_tensor(), &y).unwrap();
    let rows = z.as_tensor().to_vec2::<f32>().unwrap();
    let hat: Vec<f64> = rows.iter().map(|r| 1.0 / (1.0 + f64::from(r[0] - r[1]).exp())).collect();
    let risk = hat.iter().zip(y).map(|(h, y)| -(f64::from(y) * h.ln() + (1.0 - f64::from(y)) * (1.0 - h).ln())).sum::<f64>() / 3.0;
    assert!((f64::from(loss.to_scalar::<f32>().unwrap()) - risk).abs() < 1e-6);
    let gradient = loss.backward().unwrap().get(z.as_tensor()).unwrap().to_vec2::<f32>().unwrap();
    for i in 0..3 {
        let (h, y) = (hat[i], f64::from(y[i]));
        let expected = -(y / h - (1.0 - y) / (1.0 - h)) * h * (1.0 - h) / 3.0;
        assert!((f64::from(gradient[i][1]) - expected).abs() < 1e-6);
    }
}

#[test]
fn the_packed_model_computes_what_its_expanded_twin_does() {
    let packed = export::pack(&tiny_model(3, true)).unwrap();
    let twin = export::expand(&packed).unwrap();
    let (a, b) = (NeuralTagger::load(&packed).unwrap(), NeuralTagger::load(&twin).unwrap());
    for sentence in ["负责操作焊接机器人，会数据分析", "Operate robots, 5S and quality"] {
        let (a, b) = (a.logits(sentence).unwrap().concat(), b.logits(sentence).unwrap().concat());
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-6));
    }
    let again = export::pack(&packed).unwrap();
    assert!(["embeddings.safetensors", "encoder.safetensors"].iter().all(|file| again[*file] == packed[*file]), "what is packed stays to the byte");
}

#[test]
fn a_sentence_gets_the_same_logits_alone_and_in_a_padded_batch() {
    let tagger = NeuralTagger::load(&tiny_model(4, true)).unwrap();
    let sentences = ["short", "a much longer sentence with many words in it", "操作设备"];
    let prepared: Vec<_> = sentences.iter().map(|s| tagger.prepare(s).unwrap()).collect();
    let together = tagger.unit_logits(&prepared, &[TagSetName::Open]).unwrap();
    for (i, sentence) in sentences.iter().enumerate() {
        let alone = tagger.unit_logits(&[tagger.prepare(sentence).unwrap()], &[TagSetName::Open]).unwrap();
        for (head, logits) in &alone[0] {
            let pairs = logits.concat().into_iter().zip(together[i][head].concat());
            assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-5), "{sentence}/{head}");
        }
    }
}

/// A tiny model with a head for the production line beside it, its additions drawn at random from layer 1 on.
fn with_line_head(files: &PackFiles, version: &str) -> PackFiles {
    let mut files = files.clone();
    let mut config = config(&files);
    config.encoder_version = Some("tiny".into());
    files.insert("config.json".into(), serde_json::to_vec(&config).unwrap());
    let on = ["attention.self.query", "attention.output.dense", "intermediate.dense", "output.dense"].map(String::from).to_vec();
    let labels = ["O", "B-机器人操作", "I-机器人操作", "B-数据分析", "I-数据分析", "B-维护技能", "I-维护技能"].map(String::from).to_vec();
    let head = HeadConfig { name: "line".into(), kind: HeadKind::Spans, labels, adapter: Some(AdapterConfig { rank: 4, scale: 2.0, on, from_layer: 1 }), shares: None };
    config.heads = vec![head.clone()];
    let own = trainable(&config).unwrap().into_iter().filter(|(name, _)| name.starts_with("head.line") || name.starts_with("adapter."));
    let tensor = |(i, (name, shape)): (usize, (String, Vec<usize>))| (name, Tensor::from_vec(noise(shape.iter().product(), 500 + i as u64, 0.2), shape, &Device::Cpu).unwrap());
    let tensors: std::collections::BTreeMap<String, Tensor> = own.enumerate().map(tensor).collect();
    files.insert("head.line.safetensors".into(), safetensors::serialize(&tensors, None).unwrap());
    let file = HeadFile { head, encoder_version: version.into(), encoder_sha256: String::new(), shared_sha256: None, outside_bias: Default::default(), floor: Default::default(), confidence: Default::default() };
    files.insert(HeadFile::name("line"), serde_json::to_vec(&file).unwrap());
    files
}

/// The tensors of a model with W + scale · B·A in place of W: the slow twin of additions.
fn with_changed_matrices(bare: &PackFiles, weights: &HashMap<String, Tensor>) -> HashMap<String, Tensor> {
    let mut merged = candle_core::safetensors::load_buffer(&bare["model.safetensors"], &Device::Cpu).unwrap();
    let mut changed = 0;
    for (name, up) in weights.iter().filter(|(name, _)| name.ends_with(".up")) {
        let matrix = name.strip_prefix("adapter.line.").unwrap().strip_suffix(".up").unwrap();
        let sum = (up.matmul(&weights[&name.replace(".up", ".down")]).unwrap() * 2.0).unwrap();
        let slot = merged.get_mut(&format!("{matrix}.weight")).unwrap();
        *slot = (&*slot + sum).unwrap();
        changed += 1;
    }
    assert_eq!(changed, 2 * 4, "four matrices in each of the layers 1 and 2");
    merged
}

#[test]
fn heads_that_share_additions_read_one_pass() {
    let bare = tiny_model(6, true);
    let mut files = with_line_head(&bare, "tiny");
    let weights = candle_core::safetensors::load_buffer(&files["head.line.safetensors"], &Device::Cpu).unwrap();
    let adapter = serde_json::from_slice::<HeadFile>(&files[&HeadFile::name("line")]).unwrap().head.adapter;
    files.retain(|name, _| !name.starts_with("head.line."));
    let own = weights.iter().filter_map(|(name, tensor)| Some((format!("adapter.skill.{}", name.strip_prefix("adapter.line.")?), tensor.clone())));
    files.insert("head.skill.safetensors".into(), safetensors::serialize(own.collect::<HashMap<_, _>>(), None).unwrap());
    let mut shared = config(&bare);
    shared.heads[0].adapter = adapter;
    shared.heads[1..].iter_mut().for_each(|head| head.shares = Some("skill".into()));
    files.insert("config.json".into(), serde_json::to_vec(&shared).unwrap());
    let mut twin = bare.clone();
    twin.insert("model.safetensors".into(), safetensors::serialize(with_changed_matrices(&bare, &weights), None).unwrap());

    let [ours, twin, bare] = [&files, &twin, &bare].map(|files| NeuralTagger::load(files).unwrap());
    let sentences: Vec<_> = ["负责操作焊接机器人，会数据分析", "Operate robots, 5S"].iter().map(|s| ours.prepare(s).unwrap()).collect();
    let [ours_of, twin_of, bare_of] = [&ours, &twin, &bare].map(|tagger| tagger.unit_logits(&sentences, &[TagSetName::Open]).unwrap());
    let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    for ((ours, twin), bare) in ours_of.iter().zip(&twin_of).zip(&bare_of) {
        for head in ["skill", "knowledge", "context"] {
            let [ours, twin, bare] = [ours, twin, bare].map(|of| of[head].concat());
            assert!(apart(&ours, &twin) < 1e-4 && apart(&ours, &bare) > 1e-3, "{head}");
        }
    }
    let vectors = [&ours, &bare].map(|tagger| tagger.sentence_vectors(&["焊接"]).unwrap());
    assert_eq!(vectors[0], vectors[1], "vectors are of the encoder as it is");
    shared.heads[1].shares = Some("nobody".into());
    files.insert("config.json".into(), serde_json::to_vec(&shared).unwrap());
    assert!(NeuralTagger::load(&files).err().unwrap().to_string().contains("nobody"));
}

#[test]
fn low_rank_additions_equal_an_encoder_with_changed_matrices_and_leave_the_other_heads_alone() {
    let bare = tiny_model(6, true);
    let files = with_line_head(&bare, "tiny");
    let weights = candle_core::safetensors::load_buffer(&files["head.line.safetensors"], &Device::Cpu).unwrap();
    let mut merged = with_changed_matrices(&bare, &weights);
    merged.extend(weights.iter().filter(|(name, _)| name.starts_with("head.")).map(|(n, t)| (n.clone(), t.clone())));
    let mut twin = bare.clone();
    let mut plain = config(&bare);
    plain.heads = vec![HeadConfig { adapter: None, ..serde_json::from_slice::<HeadFile>(&files[&HeadFile::name("line")]).unwrap().head }];
    twin.insert("config.json".into(), serde_json::to_vec(&plain).unwrap());
    twin.insert("model.safetensors".into(), safetensors::serialize(&merged, None).unwrap());

    let (ours, twin, bare) = (NeuralTagger::load(&files).unwrap(), NeuralTagger::load(&twin).unwrap(), NeuralTagger::load(&bare).unwrap());
    assert!(ours.finds(TagSetName::Line) && ours.finds(TagSetName::Open) && !bare.finds(TagSetName::Line));
    let sentences: Vec<_> = ["负责操作焊接机器人，会数据分析", "Operate robots, 5S"].iter().map(|s| ours.prepare(s).unwrap()).collect();
    let line = ours.unit_logits(&sentences, &[TagSetName::Line]).unwrap();
    let open = ours.unit_logits(&sentences, &[TagSetName::Open]).unwrap();
    assert!(open.iter().all(|o| !o.contains_key("line")));
    assert_eq!(open, bare.unit_logits(&sentences, &[TagSetName::Open]).unwrap());
    for ((line, twin), open) in line.iter().zip(twin.unit_logits(&sentences, &[TagSetName::Line]).unwrap()).zip(&open) {
        let apart = line["line"].concat().iter().zip(twin["line"].concat()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < 1e-4, "{apart}");
        let apart = line["context"].concat().iter().zip(open["context"].concat()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < 1e-5, "contexts are read from the encoder as it is: {apart}");
    }
}

#[test]
fn a_head_made_for_another_encoder_or_with_unknown_tags_is_refused() {
    let files = with_line_head(&tiny_model(7, true), "other");
    let error = NeuralTagger::load(&files).err().unwrap();
    assert!(error.kind() == "model_malformed" && error.to_string().contains("head.line.json"), "{error}");
    let mut files = with_line_head(&tiny_model(7, true), "tiny");
    let json = String::from_utf8(files[&HeadFile::name("line")].clone()).unwrap().replace("数据分析", "炒菜");
    files.insert(HeadFile::name("line"), json.into_bytes());
    assert!(NeuralTagger::load(&files).err().unwrap().to_string().contains("炒菜"));
}

#[test]
fn a_head_that_shares_additions_is_refused_with_any_but_those_it_was_taught_on() {
    let mut files = with_line_head(&tiny_model(7, true), "tiny");
    let labels = ["O", "B-name", "I-name", "B-address", "I-address"].map(String::from).to_vec();
    let shares = |of: &str| Some(of.to_string());
    let head = HeadConfig { name: "personal".into(), kind: HeadKind::Spans, labels, adapter: None, shares: shares("line") };
    let weights = [("head.personal.weight", vec![5, config(&files).hidden_size]), ("head.personal.bias", vec![5])];
    let tensors = weights.into_iter().zip(900..).map(|((name, shape), seed)| (name, Tensor::from_vec(noise(shape.iter().product(), seed, 0.2), shape, &Device::Cpu).unwrap()));
    files.insert("head.personal.safetensors".into(), safetensors::serialize(tensors.collect::<HashMap<_, _>>(), None).unwrap());
    let line: HeadFile = serde_json::from_slice(&files[&HeadFile::name("line")]).unwrap();
    let taught_on = sha256(&files["head.line.safetensors"]);
    let mut loaded = |head: HeadConfig, shared_sha256: Option<String>| {
        files.insert(HeadFile::name("personal"), serde_json::to_vec(&HeadFile { head, shared_sha256, ..line.clone() }).unwrap());
        NeuralTagger::load(&files)
    };
    assert!(loaded(head.clone(), Some(taught_on.clone())).unwrap().finds(TagSetName::Personal));
    for (head, digest, said) in [(head.clone(), None, "teach it anew"), (head.clone(), Some(sha256(b"others")), "teach it anew"), (HeadConfig { shares: shares("skill"), ..head }, Some(taught_on), "which has none")] {
        let error = loaded(head, digest).err().unwrap().to_string();
        assert!(error.contains("head.personal.json") && error.contains(said), "{error}");
    }
}

#[test]
fn a_span_under_the_floor_is_not_reported() {
    let mut tagger = NeuralTagger::load(&with_line_head(&tiny_model(9, true), "tiny")).unwrap();
    let sentence = tagger.prepare("SQL, 5S").unwrap();
    // The first unit is a span of 数据分析 for sure, the last one of 维护技能 as likely as not.
    let mut rows = vec![vec![9.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]; sentence.units.len()];
    rows.first_mut().unwrap()[..4].copy_from_slice(&[0.0, 0.0, 0.0, 9.0]);
    rows.last_mut().unwrap()[..6].copy_from_slice(&[2.0, 0.0, 0.0, 0.0, 0.0, 2.1]);
    let logits = UnitLogits::from([("line".to_string(), rows)]);
    let kinds = |tagger: &NeuralTagger| tagger.decode(&sentence.units, "en", logits.clone()).into_iter().map(|s| s.kind).collect::<Vec<_>>();
    assert_eq!(kinds(&tagger), ["数据分析", "维护技能"]);
    let floor = [("line".to_string(), [("en".to_string(), 0.6)].into())].into();
    tagger.set_calibration(Calibration { floor, ..Calibration::default() });
    assert_eq!(kinds(&tagger), ["数据分析"]);
}

#[test]
fn a_head_in_f16_finds_what_it_finds_in_f32() {
    let files = with_line_head(&tiny_model(8, true), "tiny");
    let mut packed = files.clone();
    packed.insert("head.line.safetensors".into(), export::head::pack_f16(&files["head.line.safetensors"]).unwrap());
    let logits = |files: &PackFiles| NeuralTagger::load(files).unwrap().logits("操作焊接机器人, 5S").unwrap().concat();
    let apart = logits(&packed).iter().zip(logits(&files)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(apart > 0.0 && apart < 0.02, "{apart}");
}

#[test]
fn damaged_model_files_are_named_not_run() {
    let files = tiny_model(5, true);
    let mut truncated = files.clone();
    truncated.get_mut("model.safetensors").unwrap().truncate(1000);
    assert_eq!(NeuralTagger::load(&truncated).err().unwrap().kind(), "model_malformed");
    let mut missing = files.clone();
    missing.remove("tokenizer.json");
    assert_eq!(NeuralTagger::load(&missing).err().unwrap().kind(), "model_missing");
    let mut other = files;
    other.insert("config.json".into(), br#"{"model_type": "gpt2"}"#.to_vec());
    assert_eq!(NeuralTagger::load(&other).err().unwrap().kind(), "model_malformed");
}
