-- Dovecot asks nauthilus-js about each login. Copy it, and name it in Dovecot's configuration:
--
--   passdb {
--     driver = lua
--     args = file=/etc/dovecot/dovecot-passdb.lua blocking=yes
--   }
--
-- It needs the package dovecot-auth-lua. Where the API is, and its credentials if `server.basic_auth` is on:
local API = "http://127.0.0.1:9080/api/v1/mail/dovecot"
local AUTHORIZATION = nil -- "Basic " and user:password in base64

-- What the server says when it cannot tell whether the password is right.
local TEMPORARY = {
  ["Temporary server problem, try again later"] = true,
  ["TLS transport encryption required"] = true,
  ["No username given"] = true,
}

local client

function script_init()
  client = dovecot.http.client({ timeout = 30000, max_attempts = 2 })
  return 0
end

local function encode(text)
  -- URL-safe base64, so that no character of a password can hurt a header.
  local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
  local encoded = {}
  for at = 1, #text, 3 do
    local a, b, c = text:byte(at, at + 2)
    local bits = a * 65536 + (b or 0) * 256 + (c or 0)
    for place = 0, 3 do
      local digit = math.floor(bits / 64 ^ (3 - place)) % 64
      if place == 0 or place == 1 or (place == 2 and b) or (place == 3 and c) then
        encoded[#encoded + 1] = alphabet:sub(digit + 1, digit + 1)
      end
    end
  end
  return table.concat(encoded)
end

local function ask(req, password)
  local call = client:request({ url = API, method = "POST" })
  local function send(name, value)
    if value ~= nil and value ~= "" then
      call:add_header(name, tostring(value))
    end
  end
  send("Authorization", AUTHORIZATION)
  send("Auth-User", req.user)
  send("Auth-Pass", encode(password))
  send("X-Auth-Password-Encoded", "1")
  send("Auth-Protocol", req.service)
  send("Auth-Method", req.mech)
  send("Client-IP", req.remote_ip)
  send("X-Client-Port", req.remote_port)
  send("X-Local-IP", req.local_ip)
  send("X-Auth-Port", req.local_port)
  if req.secured == "secured" or req.secured == "TLS" then
    send("Auth-SSL", "on")
  end
  return call:submit()
end

function auth_password_verify(req, password)
  local asked, response = pcall(ask, req, password)
  if not asked or response:status() ~= 200 then
    req:log_error("nauthilus: " .. (asked and response:reason() or tostring(response)))
    return dovecot.auth.PASSDB_RESULT_INTERNAL_FAILURE, ""
  end
  local status = response:header("Auth-Status")
  if status == "OK" then
    local account = response:header("Auth-User")
    return dovecot.auth.PASSDB_RESULT_OK, account and account ~= "" and { user = account } or {}
  end
  if TEMPORARY[status] then
    return dovecot.auth.PASSDB_RESULT_INTERNAL_FAILURE, ""
  end
  return dovecot.auth.PASSDB_RESULT_PASSWORD_MISMATCH, ""
end

-- Only passwords can be asked about.
function auth_passdb_lookup()
  return dovecot.auth.PASSDB_RESULT_SCHEME_NOT_AVAILABLE, ""
end
