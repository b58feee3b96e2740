-- The last known content that a release's source has dropped: from the release before (attached as `before`), and from those
-- that it carried over. Includes the publishers.
DELETE FROM last_known;
INSERT INTO last_known SELECT 'text', article, language, facts FROM before.article_text b
  WHERE NOT EXISTS (SELECT 1 FROM article_text n WHERE n.article = b.article AND n.language = b.language);
INSERT OR IGNORE INTO last_known SELECT kind, id, language, facts FROM before.last_known b
  WHERE kind = 'text'
    AND NOT EXISTS (SELECT 1 FROM article_text n WHERE n.article = b.id AND n.language = b.language);
INSERT INTO last_known SELECT 'article', id, '', facts FROM before.article
  WHERE id IN (SELECT id FROM last_known WHERE kind = 'text') AND id NOT IN (SELECT id FROM article);
INSERT OR IGNORE INTO last_known SELECT kind, id, language, facts FROM before.last_known
  WHERE kind = 'article'
    AND id IN (SELECT id FROM last_known WHERE kind = 'text') AND id NOT IN (SELECT id FROM article);
INSERT INTO last_known SELECT 'publisher', id, '', facts FROM before.publisher
  WHERE EXISTS (SELECT 1 FROM last_known) AND id NOT IN (SELECT id FROM publisher);
INSERT OR IGNORE INTO last_known SELECT kind, id, language, facts FROM before.last_known
  WHERE kind = 'publisher' AND EXISTS (SELECT 1 FROM last_known) AND id NOT IN (SELECT id FROM publisher);
