--- IPv4 addresses and networks in plain Lua arithmetic (Lua 5.1 has no bit operators).
local ipv4 = {}

--- "192.0.2.1" as a number, or nil when the text is not an IPv4 address.
function ipv4.parse(text)
  local a, b, c, d = string.match(text, "^(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)$")

  if not a then
    return nil
  end

  a, b, c, d = tonumber(a), tonumber(b), tonumber(c), tonumber(d)

  if a > 255 or b > 255 or c > 255 or d > 255 then
    return nil
  end

  return ((a * 256 + b) * 256 + c) * 256 + d
end

--- Is the address (text) in the network ("192.0.2.0/24")? False for anything that is not IPv4.
function ipv4.is_in(address, network)
  local base, bits = string.match(network, "^([%d%.]+)/(%d%d?)$")
  local wanted, found = base and ipv4.parse(base), ipv4.parse(address)

  if not wanted or not found or tonumber(bits) > 32 then
    return false
  end

  local size = 2 ^ (32 - tonumber(bits))

  return math.floor(wanted / size) == math.floor(found / size)
end

return ipv4
