//! The model against its twins: candle-transformers, composed against fused kernels, packed against expanded weights;
//! gradients; the loss against the article's equations.
use candle_core::{DType, Device, Tensor, Var};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use waymark_shared::model::encoder::{Batch, Encoder, trainable};
use waymark_shared::model::kernels::{AttentionShape, Dropout, Kernels, composed, fused};
use waymark_shared::model::quant::Weights;
use waymark_shared::model::{EncoderConfig, NeuralTagger, PackFiles, Pass};
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
}

#[test]
fn a_sentence_gets_the_same_logits_alone_and_in_a_padded_batch() {
    let tagger = NeuralTagger::load(&tiny_model(4, true)).unwrap();
    let sentences = ["short", "a much longer sentence with many words in it", "操作设备"];
    let prepared: Vec<_> = sentences.iter().map(|s| tagger.prepare(s).unwrap()).collect();
    let together = tagger.unit_logits(&prepared, TagSetName::Open).unwrap();
    for (i, sentence) in sentences.iter().enumerate() {
        let alone = tagger.unit_logits(&[tagger.prepare(sentence).unwrap()], TagSetName::Open).unwrap();
        for (head, logits) in &alone[0] {
            let pairs = logits.concat().into_iter().zip(together[i][head].concat());
            assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-5), "{sentence}/{head}");
        }
    }
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
