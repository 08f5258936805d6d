//! NFKC, byte offsets, language guess, sentences and sections. Not tokenisation for the model: that is `tokenize`.
