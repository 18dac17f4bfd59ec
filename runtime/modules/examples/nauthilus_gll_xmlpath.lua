dynamic_loader("nauthilus_gll_xmlpath")
local xmlpath = require("xmlpath")

local document = xmlpath.load([[<servers><server type="imap">a.example</server><server type="smtp">b.example</server></servers>]])
local hosts = assert(xmlpath.compile("//server[@type='imap']"))
for _, node in ipairs(hosts:iter(document)) do
  print(node:string()) --> a.example
end
local types = {}
for index, node in ipairs(xmlpath.compile("//server/@type"):iter(document)) do
  types[index] = node:string()
end
print(table.concat(types, " ")) --> imap smtp
print(xmlpath.compile("//server[")) --> nil	compiling xml path "//server[":9: missing name
