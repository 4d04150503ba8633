-- Neovim's half of autoload/etcd/buffer/foreign.vim.
local M = {}

--- Adds a condition to each autocommand of a group: its name must be no address.
--- @param group string an augroup that exists
function M.guard(group)
  local autocmds = vim.api.nvim_get_autocmds({ group = group })
  vim.api.nvim_clear_autocmds({ group = group })
  for _, autocmd in ipairs(autocmds) do
    local options = { group = group, pattern = autocmd.pattern, once = autocmd.once }
    if autocmd.callback then
      options.callback = function(event)
        if vim.fn['etcd#buffer#foreign#is_address'](event.event, event.buf, event.match) == 0 then
          return autocmd.callback(event)
        end
      end
    else
      options.command = vim.fn['etcd#buffer#foreign#guarded'](autocmd.event, autocmd.command)
    end
    vim.api.nvim_create_autocmd(autocmd.event, options)
  end
end

return M
