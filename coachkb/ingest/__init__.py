"""Articles in, lessons out: reader -> posts -> clean text -> sentences -> roles -> lesson."""
