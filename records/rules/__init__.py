"""Pure rules of the records: how a row is digested, which bytes are which kind of file, when a mail is tried again."""
