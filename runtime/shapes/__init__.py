"""Shape rules of the primitives, mirroring runtime/primitives: what operands are accepted and what shape comes out."""
