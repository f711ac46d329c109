"""Words in several languages: catalogues that translators edit, and what errors of every package say."""
