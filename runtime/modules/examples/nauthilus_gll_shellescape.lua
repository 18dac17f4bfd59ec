dynamic_loader("nauthilus_gll_shellescape")
local shellescape = require("shellescape")

print(shellescape.quote("it's")) --> 'it'"'"'s'
print(shellescape.quote_command({ "grep", "a b", "file.txt" })) --> grep 'a b' file.txt
print(shellescape.strip_unsafe("a\27[31mb")) --> a[31mb
