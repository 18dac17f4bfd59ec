--- What the demo feature rejects before any password is looked at.
return {
  -- IPv4 networks. 203.0.113.0/24 is reserved for documentation: nobody real comes from there.
  networks = { "203.0.113.0/24" },
  -- Login names that only robots try, in lower case.
  usernames = { root = true, admin = true, test = true },
}
