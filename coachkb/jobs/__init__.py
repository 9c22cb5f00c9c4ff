"""The larger jobs of KnowledgeBase, a module each: what needs several rooms at once (store, ingest, search)."""
