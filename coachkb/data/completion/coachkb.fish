# coachkb: completion for fish. Once:
#     coachkb completion fish > ~/.config/fish/completions/coachkb.fish
function _coachkb_completion
    set -l token (commandline -ct)
    set -l line (commandline -cp)
    set -l option (string match -r -- '^--[^=]+=' "$token")
    if test -n "$option" # --option=value: the value is asked for as if it stood apart
        set -l before (string sub -l (math (string length -- "$line") - (string length -- "$token")) -- "$line")
        set token (string sub -s (math 1 + (string length -- "$option")) -- "$token")
        set line "$before"(string trim -r -c = -- "$option")" $token"
    end
    set -l response (env _COACHKB_COMPLETE=fish_complete COMP_WORDS="$line" COMP_CWORD="$token" coachkb)

    for completion in $response
        set -l found (string split -m 1 ',' -- "$completion")
        switch $found[1]
            case dir
                printf '%s\n' "$option"(__fish_complete_directories "$token")
            case file
                printf '%s\n' "$option"(__fish_complete_path "$token")
            case plain
                printf '%s\n' "$option$found[2]"
        end
    end
end

complete --no-files --command coachkb --arguments "(_coachkb_completion)"
