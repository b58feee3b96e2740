SELECT article, system, code, reason, language, remark, count, first_on AS firstOn, last_on AS lastOn
FROM feedback
ORDER BY article, system, code, reason, language, remark;
