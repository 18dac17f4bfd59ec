dynamic_loader("nauthilus_gll_filepath")
local filepath = require("filepath")

print(filepath.join("mail", "mia", "../tom", "new")) --> mail/tom/new
print(filepath.basename("/srv/mail/list.txt"), filepath.ext("list.txt")) --> list.txt	.txt
print(filepath.match("*.lua", "filter.lua")) --> true
print(filepath.rel("/srv/mail", "/srv/web/index.html")) --> ../web/index.html
