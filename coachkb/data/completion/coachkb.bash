# coachkb: completion for bash. bash 4.4 or newer. In ~/.bashrc:
#     eval "$(coachkb completion bash)"
_coachkb_completion() {
    local IFS=$'\n'
    local response type value n cword=$COMP_CWORD words=()

    for n in "${!COMP_WORDS[@]}"; do # bash takes --option=value for three words
        if [[ ${COMP_WORDS[n]} == "=" && $n -lt $COMP_CWORD ]]; then
            cword=$((cword - 1))
        else
            words+=("${COMP_WORDS[n]}")
        fi
    done
    response=$(env COMP_WORDS="${words[*]}" COMP_CWORD=$cword _COACHKB_COMPLETE=bash_complete $1)

    for completion in $response; do
        IFS=',' read type value <<< "$completion"

        if [[ $type == 'dir' ]]; then
            COMPREPLY=()
            compopt -o dirnames
        elif [[ $type == 'file' ]]; then
            COMPREPLY=()
            compopt -o default
        elif [[ $type == 'plain' ]]; then
            COMPREPLY+=($value)
        fi
    done

    return 0
}

complete -o nosort -F _coachkb_completion coachkb
